//! One load at one server with a number of connections.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use super::server::Server;
use super::tenants::Access;
use super::visitor::Customer;
use super::{At, Lengths};
use crate::load::{self, Outcome};
use crate::process;
use crate::samples::Samples;

/// What one round has measured.
pub(super) struct Figures {
    outcome: Outcome,
    /// Until every effect was there.
    elapsed: Duration,
    /// Of the server.
    cpu: Duration,
}

/// What all rounds have measured.
#[derive(Default)]
pub(super) struct Cell {
    /// Right answers in a second.
    pub(super) rate: Samples,
    /// The server's CPU time of a request, in microseconds.
    pub(super) cpu: Samples,
    /// The load's own, in microseconds.
    pub(super) load_cpu: Samples,
    /// How many cores the server has used.
    pub(super) cores: Samples,
    /// Of right answers, in milliseconds.
    pub(super) latencies: Samples,
    /// The other answers, by status.
    pub(super) others: BTreeMap<u16, usize>,
}

pub(super) fn measure(server: &Server, tenants: &[Access], at: At, lengths: &Lengths) -> Figures {
    let address: SocketAddr =
        server.url().trim_start_matches("http://").parse().expect("a server names its address");
    let run = |time| {
        let customers = tenants.iter().cycle().take(at.connections).enumerate();
        load::run(
            address,
            customers.map(|(number, tenant)| Customer::new(tenant, at.load, number)).collect(),
            time,
        )
    };
    let settle = || {
        let began = Instant::now();
        if at.load.writes() {
            server.settle(&tenants[0]);
        }
        began.elapsed()
    };
    run(lengths.warm_up);
    settle();
    let before = process::cpu_of_tree(server.pid());
    let outcome = run(lengths.load);
    let elapsed = outcome.elapsed + settle();
    // A child that ends while its tree is read may be counted twice, and the time before be the greater one.
    let cpu = process::cpu_of_tree(server.pid()).saturating_sub(before);
    Figures { outcome, elapsed, cpu }
}

impl Figures {
    /// In microseconds. All of the server's work counts, and right answers alone divide it.
    pub(super) fn cpu_of_a_request(&self) -> f64 {
        self.cpu.as_secs_f64() * 1e6 / self.right()
    }

    fn right(&self) -> f64 {
        assert!(!self.outcome.latencies.is_empty(), "no answer was right: {:?}", self.outcome.others);
        self.outcome.latencies.len() as f64
    }
}

impl Cell {
    pub(super) fn add(&mut self, figures: Figures) {
        let seconds = figures.elapsed.as_secs_f64();
        self.rate.add(figures.right() / seconds);
        self.cpu.add(figures.cpu_of_a_request());
        self.load_cpu.add(figures.outcome.cpu.as_secs_f64() * 1e6 / figures.right());
        self.cores.add(figures.cpu.as_secs_f64() / seconds);
        self.latencies.extend(figures.outcome.latencies);
        for (status, count) in figures.outcome.others {
            *self.others.entry(status).or_default() += count;
        }
    }
}
