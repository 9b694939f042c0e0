//! From the answer of a confirmation to its notification in the app, with and without a tenant of 2,000 admins whose
//! notifications are under way. Blocks of both alternate in one cloud, so that a noisy machine disturbs both.
//!
//! A measurement of a backend that answers otherwise than expected is worth nothing, so it panics and ends there.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use client::{eventually, items};
use serde_json::Value;
use tests::{Tenant, World};

const ADMINS: usize = 2_000;
const BLOCKS: usize = 5;
const ROUNDS: usize = 20;
const POLL: Duration = Duration::from_millis(1);

fn main() {
    let world = World::start();
    let [large, small] = ["large", "small"].map(|slug| world.tenant(slug));
    world.add_admins(&large, ADMINS);
    let (mut alone, mut beside) = (Vec::new(), Vec::new());
    for block in 1..=BLOCKS {
        eprintln!("block {block} of {BLOCKS} …");
        alone.extend((0..ROUNDS).map(|_| round(&small)));
        let stop = AtomicBool::new(false);
        thread::scope(|scope| {
            scope.spawn(|| keep_notifying(&world, &large, &stop));
            let _stop = StopOnDrop(&stop);
            beside.extend((0..ROUNDS).map(|_| round(&small)));
        });
        eventually("all events are consumed", || (world.messages_in_all_queues() == 0).then_some(()));
    }
    println!("| From the answer to the notification | events | p50 ms | p99 ms |");
    println!("|---|---|---|---|");
    let [alone, beside] =
        [("alone", alone), ("beside a tenant of 2,000 admins", beside)].map(|(name, times)| {
            let (p50, p99) = (percentile(&times, 50), percentile(&times, 99));
            println!("| {name} | {} | {p50:.1} | {p99:.1} |", times.len());
            (p50, p99)
        });
    println!("| ratio | | {:.1} | {:.1} |", beside.0 / alone.0, beside.1 / alone.1);
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

/// In milliseconds.
fn percentile(times: &[Duration], percent: usize) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort_unstable();
    let index = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    sorted[index].as_secs_f64() * 1_000.0
}
