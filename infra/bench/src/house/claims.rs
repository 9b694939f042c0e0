//! Figures that were named to us as the claims of other backends, beside those that are measured here.

use super::visitor::Load;
use super::{At, Results, TERRACE};
use crate::machine;
use crate::report::Table;

/// Nobody has named a source for it.
struct Claim {
    who: &'static str,
    requests: f64,
    p95: f64,
    cores: f64,
    memory: &'static str,
}

const CLAIMS: [Claim; 2] = [
    Claim { who: "Ghost, 1,000 users", requests: 2_000.0, p95: 120.0, cores: 4.0, memory: "512 MB" },
    Claim { who: "Strapi, 2,000 calls", requests: 5_000.0, p95: 85.0, cores: 8.0, memory: "1.2 GB" },
];

pub(super) fn table(results: &Results) -> Table {
    let mut table = Table::new(
        "Beside figures that were named to us as the claims of others: we know neither their source nor the machines, \
         loads and data, and have measured none of them",
        ["", "whose figure", "requests/s ÷ cores", "requests/s", "p95 ms", "cores", "memory"],
    );
    let (connections, cores) = (1_000, machine::cores() as f64);
    for load in Load::ALL {
        let Some(cell) = results.cells.get(&(At { load, connections }, TERRACE)) else { continue };
        let memory = results.memory[&(connections, TERRACE)].median();
        table.row([
            format!("Terrace, {}, 1,000 connections", load.name()),
            "measured here".to_owned(),
            format!("{:.0}", cell.rate.median() / cores),
            format!("{:.0}", cell.rate.median()),
            format!("{:.0}", cell.latencies.percentile(95.0)),
            format!("{cores}, which the load shares"),
            format!("{memory:.0} MiB"),
        ]);
    }
    for Claim { who, requests, p95, cores, memory } in CLAIMS {
        table.row([
            who.to_owned(),
            "named to us as their claim".to_owned(),
            format!("{:.0}", requests / cores),
            format!("{requests:.0}"),
            format!("{p95:.0}"),
            format!("{cores:.0}"),
            memory.to_owned(),
        ]);
    }
    table
}
