//! `make bench`: measures speed, memory, capacity and cost beside peers, each question in one interleaved run.
//!
//! A measurement of a backend that answers otherwise than expected is worth nothing, so it panics and ends there.

// A benchmark panics with a message instead of returning errors.
#![allow(clippy::expect_used)]
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod capacity;
mod cold;
mod events;
mod growth;
mod house;
mod instructions;
mod lambda;
mod limits;
mod load;
mod local_cloud;
mod machine;
mod plot;
mod prices;
mod process;
mod replicas;
mod report;
mod rivals;
mod samples;
mod settings;
mod spawned;
mod terrace;
mod warm;

use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;

use crate::report::Report;
use crate::settings::Settings;

/// A question's name on the command line, and what answers it.
type Question = (&'static str, fn(&Settings) -> Report);

const QUESTIONS: [Question; 9] = [
    ("cold", cold::measure),
    ("warm", warm::measure),
    ("instructions", instructions::measure),
    ("house", house::measure),
    ("capacity", capacity::measure),
    ("growth", growth::measure),
    ("events", events::measure),
    ("limits", limits::measure),
    ("local-cloud", local_cloud::measure),
];

fn main() -> ExitCode {
    let settings = Settings::parse();
    tests::binaries::take_binaries_as_they_are();
    lambda::remove_stale_groups();
    let (mut failures, began) = (Vec::new(), Instant::now());
    for (name, answer) in QUESTIONS.into_iter().filter(|(name, _)| settings.asks(name)) {
        eprintln!("{name} …");
        let asked_at = Instant::now();
        let report = answer(&settings);
        let took = asked_at.elapsed().as_secs();
        println!("{}\n", report.markdown());
        eprintln!("{name}: {took} s");
        settings.keep(name, &report, took);
        failures.extend(report.failure);
    }
    eprintln!("all of it: {} s", began.elapsed().as_secs());
    failures.iter().for_each(|failure| eprintln!("\n{failure}"));
    if failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
