//! From the answer of a confirmation to its notification in the app, with and without a tenant of 2,000 admins whose
//! notifications are under way. Blocks of both alternate in one cloud, so that a noisy machine disturbs both.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use client::{eventually, items};
use serde_json::Value;
use tests::{Tenant, World};

use crate::report::{Report, Table};
use crate::samples::{Samples, milliseconds};
use crate::settings::Settings;

const ROUNDS: usize = 20;
const POLL: Duration = Duration::from_millis(1);

pub(crate) fn measure(settings: &Settings) -> Report {
    let (admins, blocks) = (settings.rounds(2_000, 200), settings.rounds(5, 2));
    let world = World::start();
    let [large, small] = ["large", "small"].map(|slug| world.tenant(slug));
    world.add_admins(&large, admins);
    let (mut alone, mut beside) = (Samples::default(), Samples::default());
    for _ in 0..blocks {
        alone.extend((0..ROUNDS).map(|_| milliseconds(round(&small))));
        let stop = AtomicBool::new(false);
        thread::scope(|scope| {
            scope.spawn(|| keep_notifying(&world, &large, &stop));
            let _stop = StopOnDrop(&stop);
            beside.extend((0..ROUNDS).map(|_| milliseconds(round(&small))));
        });
        eventually("all events are consumed", || (world.messages_in_all_queues() == 0).then_some(()));
    }
    let beside_name = format!("beside a tenant of {admins} admins");
    let mut table =
        Table::new("From the answer to the notification", ["", "× alone", "p50 ms", "p99 ms", "events"]);
    for (name, times) in [("alone", &alone), (beside_name.as_str(), &beside)] {
        table.row([
            name.to_owned(),
            format!("{:.1}", times.median() / alone.median()),
            times.shown(1),
            format!("{:.1}", times.percentile(99.0)),
            times.len().to_string(),
        ]);
    }
    Report {
        title: "From an acknowledged change to its notification",
        method: "Orders are confirmed one by one.".to_owned(),
        tables: vec![table],
        plots: Vec::new(),
    }
}

/// Ends the other thread also when a round panics. The scope would wait for it without end.
struct StopOnDrop<'a>(&'a AtomicBool);

impl Drop for StopOnDrop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Confirms an order, and returns how long after the answer its notification was seen, which is looked for every few
/// milliseconds. The event was committed before the answer.
fn round(tenant: &Tenant) -> Duration {
    let order = tenant.order();
    let order = tenant.admin.confirm(&order).expect(200);
    let answered = Instant::now();
    eventually("the order's notification is there", || is_notified(tenant, &order).then_some(()));
    answered.elapsed()
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
