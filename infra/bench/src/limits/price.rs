//! The capacity that counting consumes.

use tests::World;

use super::paced::Paced;
use super::{FREE, WINDOW, address, begin_window, onboard};
use crate::load::run;
use crate::report::{Table, with_commas};
use crate::settings::Settings;

/// A limit, and the demand as a multiple of it.
const CASES: [(usize, f64); 9] = [
    (50, 0.1),
    (50, 1.0),
    (50, 20.0),
    (FREE, 0.1),
    (FREE, 1.0),
    (FREE, 20.0),
    (10 * FREE, 0.1),
    (10 * FREE, 1.0),
    (10 * FREE, 2.0),
];
/// How many requests a second a connection sends, where there are enough.
const EACH: f64 = 10.0;
const CONNECTIONS: f64 = 16.0;

pub(super) fn table(settings: &Settings) -> Table {
    let world = World::start();
    let head = ["limit", "demand ÷ limit", "admitted ÷ limit", "WCU", "RCU"];
    let mut table = Table::new("What counting consumes per 1,000 requests, in one window", head);
    for (number, (limit, share)) in CASES.into_iter().enumerate() {
        if settings.is_quick && limit != FREE {
            continue;
        }
        let slug = format!("tenant-{number}");
        let access = onboard(&world.operator(), &world.anonymous(), &slug, limit);
        begin_window();
        let mark = world.cloud().capacity().mark();
        let rate = limit as f64 * share / WINDOW.as_secs_f64();
        let visitors = Paced::connections(&access, rate, (rate / EACH).clamp(1.0, CONNECTIONS) as u32);
        // Each connection sends one more request at the end, which is to fall into the same window.
        let outcome = run(address(&world.cloud().url()), visitors, WINDOW.mul_f64(0.95));
        let asked = outcome.latencies.len() + outcome.others.values().sum::<usize>();
        let consumed = world.cloud().capacity().since(mark);
        let counting = consumed.iter().filter(|consumed| consumed.table.ends_with("-UsageTable"));
        let (write, read) = counting.fold((0.0, 0.0), |(write, read), consumed| {
            (write + consumed.write_units, read + consumed.read_units)
        });
        let per_thousand = |units: f64| format!("{:.0}", units * 1e3 / asked as f64);
        table.row([
            with_commas(limit),
            format!("{share}"),
            format!("{:.2}", outcome.latencies.len() as f64 / limit as f64),
            per_thousand(write),
            per_thousand(read),
        ]);
    }
    table
}
