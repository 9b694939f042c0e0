//! Why a template cannot run here: all problems at once, each with its remedy.

use std::cell::RefCell;
use std::fmt;

use crate::model::WithoutEffect;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub file: String,
    /// The resource or parameter; for problems outside of both, the section's name.
    pub logical_id: String,
    pub line: usize,
    /// The text of that line.
    pub excerpt: String,
    pub problem: String,
    pub remedy: String,
}

/// Everything that prevents a template and those nested in it from running, file by file in the order of their lines.
#[derive(Debug, Clone, thiserror::Error)]
pub struct Refusals {
    /// The root template.
    pub file: String,
    pub refusals: Vec<Refusal>,
}

impl fmt::Display for Refusals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for refusal in &self.refusals {
            let Refusal { file, logical_id, line, excerpt, problem, remedy } = refusal;
            writeln!(f, "{file}:{line}: {logical_id}: {problem}")?;
            if !excerpt.is_empty() {
                writeln!(f, "  {line:>4} | {excerpt}")?;
            }
            writeln!(f, "  Remedy: {remedy}\n")?;
        }
        let problems = if self.refusals.len() == 1 { "problem" } else { "problems" };
        write!(f, "{} {problems}: {} does not run here.", self.refusals.len(), self.file)
    }
}

/// Refusals and properties without effect, collected while templates are read.
#[derive(Default)]
pub(super) struct Findings {
    /// The root template comes first.
    files: RefCell<Vec<File>>,
    /// Each with the position of its file.
    refusals: RefCell<Vec<(usize, Refusal)>>,
    without_effect: RefCell<Vec<WithoutEffect>>,
}

struct File {
    name: String,
    lines: Vec<String>,
}

/// A line of one of the templates.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    file: usize,
    line: usize,
}

impl Place {
    pub(super) fn line(self) -> usize {
        self.line
    }
}

/// Reports what is found in one template.
#[derive(Clone, Copy)]
pub(super) struct Report<'f> {
    findings: &'f Findings,
    file: usize,
}

impl Findings {
    /// `file` is the name that refusals show.
    pub(super) fn report(&self, file: &str, text: &str) -> Report<'_> {
        let mut files = self.files.borrow_mut();
        files.push(File { name: file.to_owned(), lines: text.lines().map(str::to_owned).collect() });
        Report { findings: self, file: files.len() - 1 }
    }

    pub(super) fn close(self) -> Result<Vec<WithoutEffect>, Refusals> {
        let mut refusals = self.refusals.into_inner();
        if refusals.is_empty() {
            return Ok(self.without_effect.into_inner());
        }
        refusals.sort_by_key(|(file, refusal)| (*file, refusal.line));
        let file = self.files.into_inner().swap_remove(0).name;
        Err(Refusals { file, refusals: refusals.into_iter().map(|(_, refusal)| refusal).collect() })
    }
}

impl<'f> Report<'f> {
    pub(super) fn findings(&self) -> &'f Findings {
        self.findings
    }

    pub(super) fn place(&self, line: usize) -> Place {
        Place { file: self.file, line }
    }

    /// The file's name and the line, as refusals show them.
    pub(super) fn show(&self, place: Place) -> String {
        format!("{}:{}", self.findings.files.borrow()[place.file].name, place.line)
    }

    pub(super) fn file_name(&self) -> String {
        self.findings.files.borrow()[self.file].name.clone()
    }

    pub(super) fn is_of(&self, place: Place) -> bool {
        self.file == place.file
    }

    pub(super) fn refuse(
        &self,
        logical_id: &str,
        line: usize,
        problem: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        self.refuse_at(self.place(line), logical_id, problem, remedy);
    }

    /// Refuses what stands in any of the templates.
    pub(super) fn refuse_at(
        &self,
        Place { file, line }: Place,
        logical_id: &str,
        problem: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        let File { name, lines } = &self.findings.files.borrow()[file];
        let excerpt = line.checked_sub(1).and_then(|index| lines.get(index));
        let refusal = Refusal {
            file: name.clone(),
            logical_id: logical_id.to_owned(),
            line,
            excerpt: excerpt.map(|excerpt| excerpt.trim_end().to_owned()).unwrap_or_default(),
            problem: problem.into(),
            remedy: remedy.into(),
        };
        let mut refusals = self.findings.refusals.borrow_mut();
        // A problem in `Globals` occurs again in every function that inherits it.
        let is_known = |known: &Refusal| {
            (&known.file, known.line, &known.problem) == (&refusal.file, line, &refusal.problem)
        };
        if !refusals.iter().any(|(_, known)| is_known(known)) {
            refusals.push((file, refusal));
        }
    }

    pub(super) fn note(&self, logical_id: &str, property: String, reason: &'static str) {
        self.findings.without_effect.borrow_mut().push(WithoutEffect {
            logical_id: logical_id.to_owned(),
            property,
            reason,
        });
    }
}
