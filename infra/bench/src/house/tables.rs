//! Tables and plots of what was measured.

use std::collections::BTreeMap;

use super::visitor::Load;
use super::{At, CONNECTIONS, EXPRESS, Results, TERRACE, claims};
use crate::plot::{self, Line};
use crate::report::{Plot, Table};

impl Results {
    pub(super) fn tables(&self) -> Vec<Table> {
        vec![self.ratios(), self.loads(), self.memory(), claims::table(self)]
    }

    fn ratios(&self) -> Table {
        let head = ["", "1 connection", "8", "64", "1,000"];
        let mut table = Table::new(
            "Requests that a second of the server's CPU time answers, Terrace ÷ Express; median (quartiles) of the rounds",
            head,
        );
        for load in Load::ALL {
            let cell = |connections| match self.ratios.get(&At { load, connections }) {
                Some(ratios) => format!("{}×", ratios.shown(2)),
                None => "–".to_owned(),
            };
            table.row([load.name().to_owned()].into_iter().chain(CONNECTIONS.map(cell)));
        }
        table
    }

    fn loads(&self) -> Table {
        let head = [
            "",
            "connections",
            "server",
            "requests/s",
            "p50 ms",
            "p95 ms",
            "p99 ms",
            "CPU µs a request",
            "cores",
            "load generator's CPU µs a request",
            "other answers",
        ];
        let mut table = Table::new("Loads", head);
        let ats = Load::ALL
            .into_iter()
            .flat_map(|load| CONNECTIONS.map(|connections| At { load, connections }))
            .flat_map(|at| [TERRACE, EXPRESS].map(|server| (at, server)));
        for (at, server) in ats {
            let Some(cell) = self.cells.get(&(at, server)) else { continue };
            let milliseconds = |percent| format!("{:.1}", cell.latencies.percentile(percent));
            table.row([
                at.load.name().to_owned(),
                at.connections.to_string(),
                server.to_owned(),
                cell.rate.shown(0),
                milliseconds(50.0),
                milliseconds(95.0),
                milliseconds(99.0),
                cell.cpu.shown(0),
                format!("{:.2}", cell.cores.median()),
                format!("{:.0}", cell.load_cpu.median()),
                others(&cell.others),
            ]);
        }
        table
    }

    fn memory(&self) -> Table {
        let mut table = Table::new(
            "Memory of all processes after all loads with so many connections, MiB (proportional set size)",
            ["", "1 connection", "8", "64", "1,000"],
        );
        for server in [TERRACE, EXPRESS] {
            let cell = |connections| match self.memory.get(&(connections, server)) {
                Some(memory) => memory.shown(0),
                None => "–".to_owned(),
            };
            table.row([server.to_owned()].into_iter().chain(CONNECTIONS.map(cell)));
        }
        table
    }

    pub(super) fn plots(&self) -> Vec<Plot> {
        let plot = |file, title, loads: [Load; 2]| {
            let lines =
                loads.into_iter().flat_map(|load| [TERRACE, EXPRESS].map(|server| self.line(load, server)));
            let lines: Vec<Line> = lines.filter(|line| !line.values.is_empty()).collect();
            let connections = CONNECTIONS.map(|connections| connections.to_string());
            Plot { file, title, svg: plot::lines(title, "connections", "requests/s", &connections, &lines) }
        };
        vec![
            plot("house-reads.svg", "Reads on one machine", [Load::Product, Load::Dashboard]),
            plot("house-writes.svg", "Writes on one machine, with their events", [Load::Order, Load::Mix]),
        ]
    }

    fn line(&self, load: Load, server: &'static str) -> Line {
        let cells =
            CONNECTIONS.iter().filter_map(|&connections| self.cells.get(&(At { load, connections }, server)));
        Line {
            label: format!("{server}, {}", load.name()),
            values: cells.map(|cell| cell.rate.median()).collect(),
        }
    }
}

fn others(others: &BTreeMap<u16, usize>) -> String {
    let show = |(status, count): (&u16, &usize)| match status {
        0 => format!("{count} × closed"),
        status => format!("{count} × {status}"),
    };
    match others.is_empty() {
        true => "none".to_owned(),
        false => others.iter().map(show).collect::<Vec<_>>().join(", "),
    }
}
