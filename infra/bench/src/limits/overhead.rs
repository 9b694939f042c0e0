//! The time that counting takes, in two clouds that take turns.

use std::time::Duration;

use client::Anonymous;
use http::StatusCode;

use super::paced::request;
use super::{Access, FREE, address, onboard};
use crate::load::{Sent, Visitor, run};
use crate::process;
use crate::report::Table;
use crate::samples::Samples;
use crate::settings::Settings;
use crate::terrace::Terrace;

struct Side {
    name: &'static str,
    terrace: Terrace,
    access: Access,
    /// Of a request in all processes, in microseconds.
    cpu: Samples,
    /// In milliseconds.
    latencies: Samples,
}

/// Asks again as soon as it is answered.
struct Eager<'a>(&'a Access);

impl Visitor for Eager<'_> {
    fn next(&mut self) -> Sent {
        Sent { request: request(self.0), expected: StatusCode::OK }
    }
}

pub(super) fn table(settings: &Settings) -> Table {
    let mut sides = [("without", "false"), ("with", "true")].map(|(name, limits)| {
        let terrace = Terrace::start_with(settings, limits);
        let anonymous = Anonymous::new(&terrace.url);
        let access = onboard(&terrace.operator(), &anonymous, "acme", 100 * FREE);
        Side { name, terrace, access, cpu: Samples::default(), latencies: Samples::default() }
    });
    sides.iter_mut().for_each(|side| drop(side.measure()));
    for _ in 0..settings.rounds(8, 3) {
        for side in &mut sides {
            let (cpu, latencies) = side.measure();
            side.cpu.add(cpu);
            side.latencies.extend(latencies);
        }
    }
    let head = ["", "CPU ÷ without", "p50 ÷ without", "CPU µs, all processes", "p50 ms"];
    let mut table = Table::new("A request with and without its count, one connection", head);
    let [without, _] = &sides;
    for side in &sides {
        table.row([
            side.name.to_owned(),
            format!("{:.2}", side.cpu.median() / without.cpu.median()),
            format!("{:.2}", side.latencies.median() / without.latencies.median()),
            side.cpu.shown(0),
            side.latencies.shown(2),
        ]);
    }
    table
}

impl Side {
    fn measure(&self) -> (f64, Vec<f64>) {
        let before = process::cpu_of_tree(self.terrace.process.pid());
        let outcome = run(address(&self.terrace.url), vec![Eager(&self.access)], Duration::from_secs(2));
        assert!(outcome.others.is_empty(), "{:?}", outcome.others);
        let used = process::cpu_of_tree(self.terrace.process.pid()).saturating_sub(before);
        (used.as_secs_f64() * 1e6 / outcome.latencies.len() as f64, outcome.latencies)
    }
}
