//! A tenant with a pile of events beside nine whose events come one by one: queues are fair between tenants.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use client::{eventually, id};
use tests::{Tenant, World};

use super::neighbours::NEIGHBOURS;
use crate::events::delays::{Delays, StopOnDrop};
use crate::replicas::Original;
use crate::report::{Table, with_commas};
use crate::samples::Samples;
use crate::settings::Settings;

/// Of the consumer that does most for an event.
const QUEUE: &str = "NotifyQueue";
/// How many copies of the order the pile is made of at a time.
const HEAP: usize = 100;
/// How many are added at a time while the nine wait. All tenants share the stream, so that a heap would be what they wait
/// for, and not the pile.
const STEP: usize = 5;
const PAUSE: Duration = Duration::from_millis(1);

/// The noisy tenant's confirmed order, whose commits are copied.
struct Pile {
    order: Original,
    /// How many messages wait at least, while it is kept.
    least: usize,
}

pub(super) fn table(settings: &Settings) -> Table {
    let (least, rounds) = (settings.rounds(1_000, 200), settings.rounds(10, 2));
    let world = World::start_unlimited();
    let nine: Vec<Tenant> = (0..NEIGHBOURS).map(|number| world.tenant(&format!("tenant-{number}"))).collect();
    let pile = Pile::of(&world, &world.tenant("noisy"), least);
    let sample = |delays: &mut Delays| nine.iter().for_each(|tenant| delays.sample(tenant, rounds));
    let (mut alone, mut beside) = (Delays::default(), Delays::default());
    sample(&mut alone);
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| pile.keep(&world, &stop));
        let _stop = StopOnDrop(&stop);
        eventually("there is a pile", || (pile.waiting(&world) >= least + HEAP).then_some(()));
        sample(&mut beside);
    });
    let caption = format!(
        "Nine tenants' confirmations, until the notification, beside a tenant of which {} events wait",
        with_commas(least)
    );
    let mut table = Table::new(caption, ["", "p50, × alone", "p50 ms", "p95 ms", "events"]);
    for (name, times) in
        [("the nine alone", &alone.notified), ("the nine beside the noisy one", &beside.notified)]
    {
        table.row(row(name, times, &alone.notified));
    }
    table
}

fn row(name: &str, times: &Samples, alone: &Samples) -> [String; 5] {
    [
        name.to_owned(),
        format!("{:.1}", times.median() / alone.median()),
        format!("{:.1}", times.median()),
        format!("{:.1}", times.percentile(95.0)),
        times.len().to_string(),
    ]
}

impl Pile {
    fn of(world: &World, tenant: &Tenant, least: usize) -> Pile {
        let order = tenant.settled_order();
        world.wait_until_consumed();
        // Commits alone: what follows of them is made by the consumers.
        let projected = ["orders", "inbox", "mails", "audit"];
        Pile { order: Original::of(&world.scan(), &[id(&order)], &["ord_", "evt_"], &projected), least }
    }

    fn waiting(&self, world: &World) -> usize {
        usize::try_from(world.messages_in(QUEUE)).unwrap_or_default()
    }

    fn keep(&self, world: &World, stop: &AtomicBool) {
        let (mut copies, mut is_high) = (1, false);
        while !stop.load(Ordering::Relaxed) {
            let waiting = self.waiting(world);
            is_high |= waiting >= self.least + HEAP;
            let step = if is_high { STEP } else { HEAP };
            if waiting < self.least + HEAP {
                self.order.put(world, copies..copies + step);
                copies += step;
            }
            thread::sleep(PAUSE);
        }
    }
}
