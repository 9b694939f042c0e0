//! The answer to a question: how it was measured, tables, and plots.

#[derive(Default)]
pub(crate) struct Report {
    pub(crate) title: &'static str,
    /// How it was measured, in a few sentences of Markdown.
    pub(crate) method: String,
    pub(crate) tables: Vec<Table>,
    pub(crate) plots: Vec<Plot>,
    /// What fails the run, once all questions are answered.
    pub(crate) failure: Option<String>,
}

/// A file in the folder of the reports.
pub(crate) struct Plot {
    pub(crate) file: &'static str,
    pub(crate) title: &'static str,
    pub(crate) svg: String,
}

pub(crate) struct Table {
    caption: String,
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(crate) fn new<const N: usize>(caption: impl Into<String>, head: [&str; N]) -> Table {
        Table { caption: caption.into(), rows: vec![head.map(str::to_owned).to_vec()] }
    }

    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        let cells: Vec<_> = cells.into_iter().collect();
        assert_eq!(cells.len(), self.rows[0].len(), "a row of {} has another length", self.caption);
        self.rows.push(cells);
    }

    fn markdown(&self) -> String {
        let line = |cells: &[String]| format!("| {} |", cells.join(" | "));
        let rule = format!("|{}", "---|".repeat(self.rows[0].len()));
        let mut lines = vec![line(&self.rows[0]), rule];
        lines.extend(self.rows[1..].iter().map(|cells| line(cells)));
        format!("**{}**\n\n{}", self.caption, lines.join("\n"))
    }
}

impl Report {
    pub(crate) fn markdown(&self) -> String {
        format!("## {}\n\n{}", self.title, self.body())
    }

    pub(crate) fn body(&self) -> String {
        let plots = self.plots.iter().map(|plot| format!("![{}]({})", plot.title, plot.file));
        let parts =
            [self.method.clone()].into_iter().chain(self.tables.iter().map(Table::markdown)).chain(plots);
        parts.collect::<Vec<_>>().join("\n\n")
    }
}

/// As English writes it: 1,000.
pub(crate) fn with_commas(number: usize) -> String {
    match number {
        0..1_000 => number.to_string(),
        _ => format!("{},{:03}", number / 1_000, number % 1_000),
    }
}
