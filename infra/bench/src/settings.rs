//! What to measure, how long, and where the programs are.

use std::fs;
use std::path::PathBuf;

use ::tests::workspace;
use clap::Parser;
use clap::builder::PossibleValuesParser;

use crate::QUESTIONS;
use crate::machine;
use crate::report::Report;

#[derive(Parser)]
#[command(name = "bench")]
pub(crate) struct Settings {
    /// Fewer rounds and smaller sizes; the tables say so
    #[arg(long = "quick")]
    pub(crate) is_quick: bool,
    /// Where tables and plots are written; nothing is written without it
    #[arg(long)]
    report: Option<PathBuf>,
    /// Makes what is measured now the baseline
    #[arg(long = "set-baseline")]
    pub(crate) sets_baseline: bool,
    /// All of them, unless some are named
    #[arg(value_parser = PossibleValuesParser::new(QUESTIONS.map(|(name, _)| name)))]
    questions: Vec<String>,
}

impl Settings {
    pub(crate) fn asks(&self, question: &str) -> bool {
        self.questions.is_empty() || self.questions.iter().any(|asked| asked == question)
    }

    /// The number of rounds, fewer in a quick run.
    pub(crate) fn rounds(&self, full: usize, quick: usize) -> usize {
        if self.is_quick { quick } else { full }
    }

    /// All binaries of this build's profile: functions, and the cloud.
    pub(crate) fn binaries(&self) -> PathBuf {
        workspace::binaries()
    }

    /// The functions of the release profile that `make bench` has built: those that are measured alone.
    pub(crate) fn release_binaries(&self) -> PathBuf {
        let profile = workspace::binaries();
        profile.parent().expect("a profile's folder lies in the target folder").join("release")
    }

    /// Writes a report, with the machine and the kind of run.
    pub(crate) fn keep(&self, name: &str, report: &Report, seconds: u64) {
        let Some(directory) = &self.report else { return };
        fs::create_dir_all(directory).expect("the folder of reports can be made");
        let kind = if self.is_quick { "A quick run" } else { "A full run" };
        let head = format!("{kind} of `make bench`, {seconds} s, on {}.", machine::description());
        let page = format!("# {}\n\n{head}\n\n{}\n", report.title, report.body());
        fs::write(directory.join(format!("{name}.md")), page).expect("a report can be written");
        for plot in &report.plots {
            fs::write(directory.join(plot.file), &plot.svg).expect("a plot can be written");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_question_is_refused_with_the_list() {
        let refusal = Settings::try_parse_from(["bench", "colder"]).err().unwrap().to_string();
        assert!(refusal.contains("cold, warm, instructions"), "{refusal}");
        let some = Settings::try_parse_from(["bench", "cold", "house"]).unwrap();
        assert!(some.asks("house") && !some.asks("warm"));
        assert!(Settings::try_parse_from(["bench"]).unwrap().asks("warm"));
    }
}
