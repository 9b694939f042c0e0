//! The whole house on one machine beside one Express server that does the same: requests, their CPU, and memory.
//!
//! Both have the same tenants and get the same load, one after the other. Whoever writes is measured until every effect
//! of the events is there.

mod cell;
mod claims;
mod server;
mod tables;
mod tenants;
mod visitor;

use std::collections::BTreeMap;
use std::time::Duration;

use tests::binaries::profile;

use self::cell::Cell;
use self::server::{Express, Server};
use self::tenants::{Access, ORDERS, PRODUCTS, TENANTS, WORDS};
use self::visitor::Load;
use crate::process;
use crate::report::Report;
use crate::samples::Samples;
use crate::settings::Settings;
use crate::terrace::Terrace;

pub(crate) const CONNECTIONS: [usize; 4] = [1, 8, 64, 1_000];
pub(crate) const TERRACE: &str = "Terrace";
pub(crate) const EXPRESS: &str = "Express";

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct At {
    load: Load,
    connections: usize,
}

#[derive(Default)]
struct Results {
    cells: BTreeMap<(At, &'static str), Cell>,
    /// Requests that a second of CPU time answers, Terrace's divided by those of Express in the same round.
    ratios: BTreeMap<At, Samples>,
    /// In MiB, by connections.
    memory: BTreeMap<(usize, &'static str), Samples>,
    /// The version of Node.js in which the rival runs, or why the rival is not measured.
    rival: Option<Result<String, String>>,
}

struct Lengths {
    rounds: usize,
    warm_up: Duration,
    load: Duration,
}

pub(crate) fn measure(settings: &Settings) -> Report {
    let lengths = match settings.is_quick {
        true => Lengths { rounds: 1, warm_up: Duration::from_millis(500), load: Duration::from_secs(1) },
        false => Lengths { rounds: 3, warm_up: Duration::from_millis(500), load: Duration::from_secs(2) },
    };
    let mut results = Results::default();
    for number in 0..lengths.rounds {
        results.round(number, settings, &lengths);
    }
    Report {
        title: "The house on one machine",
        method: method(settings, &lengths, results.rival.as_ref()),
        tables: results.tables(),
        plots: results.plots(),
        ..Report::default()
    }
}

fn method(settings: &Settings, lengths: &Lengths, rival: Option<&Result<String, String>>) -> String {
    let Lengths { rounds, warm_up, load } = lengths;
    let profile = profile(&settings.binaries()).to_owned();
    let rival = match rival {
        Some(Ok(version)) => format!(" Express runs in Node.js {version}."),
        Some(Err(reason)) => format!(" **Express is not measured: {reason}.**"),
        None => String::new(),
    };
    format!(
        "`cloud` with its functions, in Cargo's profile `{profile}`, and one Express server with better-sqlite3 get the \
         same load, one after the other. Rounds: {rounds}, each with new processes and new data: {TENANTS} tenants with \
         {PRODUCTS} products and {ORDERS} orders each, and in Terrace a published post of {WORDS} words, which Express does not have. A connection belongs to one tenant and sends its next request when it has \
         the answer to the last, for {load:?} after a warm-up of {warm_up:?}. Load and servers share the cores. Of \
         writes, clock and CPU run on until every event is published and consumed. CPU is that of all processes of a \
         server, ended ones included, as `/proc/<pid>/stat` has it. What is answered otherwise than expected is counted \
         apart, and in no rate; `cloud` bounds how many functions run at a time, and lets the others wait. Logs go to \
         `/dev/null`.{rival}"
    )
}

impl Results {
    fn round(&mut self, number: usize, settings: &Settings, lengths: &Lengths) {
        let mut servers = vec![Server::Terrace(Terrace::start(settings))];
        self.rival = Some(Express::start().map(|express| {
            let version = express.version.clone();
            servers.push(Server::Express(express));
            version
        }));
        let mut servers: Vec<(Server, Vec<Access>)> = servers
            .into_iter()
            .map(|server| {
                let tenants = tenants::onboard(server.url(), &server.operator(), server.name() == TERRACE);
                server.settle(&tenants[0]);
                (server, tenants)
            })
            .collect();
        // The loads of a round are even in number, so who is first in a cell would be first there in every round.
        if number % 2 == 1 {
            servers.reverse();
        }
        // A pool keeps its processes for minutes, so memory would be that of the most connections so far: it only grows.
        for connections in CONNECTIONS {
            for load in Load::ALL {
                // Whoever is first in one cell is second in the next.
                servers.reverse();
                self.cell(At { load, connections }, &servers, lengths);
            }
            for (server, _) in &servers {
                let mebibytes = process::tree(server.pid()).into_iter().map(process::proportional).sum();
                self.memory.entry((connections, server.name())).or_default().add(mebibytes);
            }
        }
        eprintln!("round {} of {}", number + 1, lengths.rounds);
    }

    fn cell(&mut self, at: At, servers: &[(Server, Vec<Access>)], lengths: &Lengths) {
        let mut cpu = BTreeMap::new();
        for (server, tenants) in servers {
            if at.load == Load::Post && server.name() == EXPRESS {
                continue;
            }
            let figures = cell::measure(server, tenants, at, lengths);
            cpu.insert(server.name(), figures.cpu_of_a_request());
            self.cells.entry((at, server.name())).or_default().add(figures);
        }
        if let (Some(terrace), Some(express)) = (cpu.get(TERRACE), cpu.get(EXPRESS)) {
            self.ratios.entry(at).or_default().add(express / terrace);
        }
    }
}
