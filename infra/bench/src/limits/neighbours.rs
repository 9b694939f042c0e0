//! A tenant at 20 times its limit beside nine at half of theirs.

use client::Anonymous;

use super::paced::Paced;
use super::{Access, FREE, WINDOW, address, begin_window, onboard};
use crate::load::{Outcome, run_each};
use crate::machine::cores;
use crate::process::cpu_of_tree;
use crate::report::{Table, with_commas};
use crate::samples::Samples;
use crate::settings::Settings;
use crate::terrace::Terrace;

pub(super) const NEIGHBOURS: usize = 9;
/// The noisy one's demand, as a multiple of its limit.
const NOISE: usize = 20;
const NOISY_CONNECTIONS: u32 = 16;

#[derive(Default)]
struct Nine {
    latencies: Samples,
    refused: usize,
    failed: usize,
    /// What the servers have used of the machine's CPUs meanwhile, from 0 to 1.
    busy: f64,
}

impl Nine {
    fn add(&mut self, outcome: Outcome) {
        self.latencies.extend(outcome.latencies);
        for (status, count) in outcome.others {
            *(if status == 429 { &mut self.refused } else { &mut self.failed }) += count;
        }
    }
}

pub(super) fn table(settings: &Settings) -> Table {
    let windows = settings.rounds(6, 1);
    let terrace = Terrace::start_with(settings, "true");
    let anonymous = Anonymous::new(&terrace.url);
    let operator = terrace.operator();
    let slugs = (0..=NEIGHBOURS).map(|number| format!("tenant-{number}"));
    let tenants: Vec<Access> = slugs.map(|slug| onboard(&operator, &anonymous, &slug, FREE)).collect();
    let caption = format!(
        "One tenant at {NOISE} times its limit beside nine at half of theirs, for {windows} windows; the limit is {FREE}"
    );
    let head =
        ["", "p95, noisy ÷ quiet", "p50 ms", "p95 ms", "429", "failed", "CPUs in use", "admitted ÷ limit"];
    let mut table = Table::new(caption, head);
    let (quiet, _) = run(&terrace, &tenants, windows, false);
    let (noisy, admitted) = run(&terrace, &tenants, windows, true);
    for (name, nine) in [("the nine alone", &quiet), ("the nine beside the noisy one", &noisy)] {
        let ratio = nine.latencies.percentile(95.0) / quiet.latencies.percentile(95.0);
        table.row([
            name.to_owned(),
            format!("{ratio:.2}"),
            format!("{:.1}", nine.latencies.median()),
            format!("{:.1}", nine.latencies.percentile(95.0)),
            with_commas(nine.refused),
            with_commas(nine.failed),
            format!("{:.0} %", nine.busy * 100.0),
            String::new(),
        ]);
    }
    let mut row = vec![String::new(); 7];
    row[0] = "the noisy one".to_owned();
    row.push(format!("{:.2}", admitted as f64 / (windows * FREE) as f64));
    table.row(row);
    table
}

/// What the nine got, and how many requests of the noisy one were admitted.
fn run(terrace: &Terrace, tenants: &[Access], windows: usize, is_noisy: bool) -> (Nine, usize) {
    let rate = FREE as f64 / WINDOW.as_secs_f64();
    begin_window();
    let nine = tenants[..NEIGHBOURS].iter().flat_map(|tenant| Paced::connections(tenant, rate / 2.0, 1));
    let mut visitors: Vec<Paced> = nine.collect();
    if is_noisy {
        visitors.extend(Paced::connections(&tenants[NEIGHBOURS], rate * NOISE as f64, NOISY_CONNECTIONS));
    }
    // Each connection sends one more request at the end, which is to fall into the last window.
    let time = WINDOW.mul_f64(windows as f64 - 0.05);
    let before = cpu_of_tree(terrace.process.pid());
    let (mut outcomes, elapsed, _) = run_each(address(&terrace.url), visitors, time);
    let used = cpu_of_tree(terrace.process.pid()).saturating_sub(before);
    let admitted = outcomes.split_off(NEIGHBOURS).iter().map(|outcome| outcome.latencies.len()).sum();
    let busy = used.as_secs_f64() / elapsed.as_secs_f64() / cores() as f64;
    let mut nine = Nine { busy, ..Nine::default() };
    outcomes.into_iter().for_each(|outcome| nine.add(outcome));
    (nine, admitted)
}
