//! What to measure, how long, and where the programs are.

use std::fs;
use std::path::PathBuf;

use clap::Parser;
use tests::workspace;

use crate::machine;
use crate::report::Report;

#[derive(Parser)]
#[command(name = "bench")]
pub(crate) struct Arguments {
    /// Fewer rounds and smaller sizes; the tables say so
    #[arg(long)]
    quick: bool,
    /// Where tables and plots are written; nothing is written without it
    #[arg(long)]
    report: Option<PathBuf>,
    /// Makes what is measured now the baseline
    #[arg(long)]
    set_baseline: bool,
    /// All of them, unless some are named
    pub(crate) questions: Vec<String>,
}

pub(crate) struct Settings {
    pub(crate) is_quick: bool,
    pub(crate) sets_baseline: bool,
    report: Option<PathBuf>,
}

impl Settings {
    pub(crate) fn new(arguments: &Arguments) -> Settings {
        Settings {
            is_quick: arguments.quick,
            sets_baseline: arguments.set_baseline,
            report: arguments.report.clone(),
        }
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

    /// The rivals, which `tests/bench/install.sh` has installed.
    pub(crate) fn rivals(&self) -> PathBuf {
        workspace::root().join("tests/bench")
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
