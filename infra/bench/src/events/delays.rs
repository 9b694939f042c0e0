//! From the answer of a confirmation to its projection and to its notification in the app, with and without a tenant of
//! 2,000 admins whose notifications are under way. Blocks of both alternate in one cloud, so that a noisy machine disturbs
//! both.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use client::items;
use serde_json::Value;
use tests::{Tenant, World};

use crate::report::Table;
use crate::samples::{Samples, milliseconds};
use crate::settings::Settings;

const ROUNDS: usize = 20;
const POLL: Duration = Duration::from_millis(1);
const DEADLINE: Duration = Duration::from_secs(60);

/// From the answer until the list of orders and the inbox show a confirmation.
#[derive(Default)]
pub(crate) struct Delays {
    pub(crate) projected: Samples,
    pub(crate) notified: Samples,
}

impl Delays {
    /// Confirms so many orders one by one.
    pub(crate) fn sample(&mut self, tenant: &Tenant, rounds: usize) {
        for _ in 0..rounds {
            let [projected, notified] = round(tenant).map(milliseconds);
            self.projected.add(projected);
            self.notified.add(notified);
        }
    }
}

pub(super) fn table(settings: &Settings) -> Table {
    let (admins, blocks) = (settings.rounds(2_000, 200), settings.rounds(5, 2));
    let world = World::start_unlimited();
    let [large, small] = ["large", "small"].map(|slug| world.tenant(slug));
    world.add_admins(&large, admins);
    let (mut alone, mut beside) = (Delays::default(), Delays::default());
    for _ in 0..blocks {
        alone.sample(&small, ROUNDS);
        let stop = AtomicBool::new(false);
        thread::scope(|scope| {
            scope.spawn(|| keep_notifying(&world, &large, &stop));
            let _stop = StopOnDrop(&stop);
            beside.sample(&small, ROUNDS);
        });
        world.wait_until_consumed();
    }
    let name = format!("beside a tenant of {admins} admins");
    let mut table =
        Table::new("From the answer to its effects", ["", "until", "× alone", "p50 ms", "p99 ms", "events"]);
    for (until, of) in [
        (
            "the list of orders shows it",
            (|delays: &Delays| delays.projected.clone()) as fn(&Delays) -> Samples,
        ),
        ("the inbox shows its notification", |delays| delays.notified.clone()),
    ] {
        for (name, times) in [("alone", of(&alone)), (name.as_str(), of(&beside))] {
            table.row([
                name.to_owned(),
                until.to_owned(),
                format!("{:.1}", times.median() / of(&alone).median()),
                times.shown(1),
                format!("{:.1}", times.percentile(99.0)),
                times.len().to_string(),
            ]);
        }
    }
    table
}

/// Ends the other thread also when a round panics. The scope would wait for it without end.
pub(crate) struct StopOnDrop<'a>(pub(crate) &'a AtomicBool);

impl Drop for StopOnDrop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Confirms an order, and returns how long after the answer the list of orders showed it, and the inbox its
/// notification; both are asked in turn. The event was committed before the answer.
fn round(tenant: &Tenant) -> [Duration; 2] {
    let order = tenant.admin.confirm(&tenant.order()).expect(200);
    let answered = Instant::now();
    let looks: [fn(&Tenant, &Value) -> bool; 2] = [is_projected, is_notified];
    let mut seen = [None; 2];
    loop {
        for (look, seen) in looks.iter().zip(&mut seen) {
            if seen.is_none() && look(tenant, &order) {
                *seen = Some(answered.elapsed());
            }
        }
        if let [Some(projected), Some(notified)] = seen {
            return [projected, notified];
        }
        assert!(answered.elapsed() < DEADLINE, "the confirmation has no effects: {seen:?}");
        thread::sleep(POLL);
    }
}

fn is_projected(tenant: &Tenant, order: &Value) -> bool {
    let newest = tenant.admin.get("/orders?limit=1").send().expect(200);
    items(&newest["items"]).iter().any(|row| row["id"] == order["id"] && row["status"] == "confirmed")
}

fn is_notified(tenant: &Tenant, order: &Value) -> bool {
    let newest = tenant.admin.get("/notifications?limit=1").send().expect(200);
    items(&newest["items"]).iter().any(|notification| notification["orderId"] == order["id"])
}

/// Keeps two events of the large tenant under way.
fn keep_notifying(world: &World, tenant: &Tenant, stop: &AtomicBool) {
    while !stop.load(Ordering::Relaxed) {
        if world.messages_in("NotifyQueue") < 2 {
            tenant.admin.confirm(&tenant.order()).expect(200);
        }
        thread::sleep(POLL);
    }
}
