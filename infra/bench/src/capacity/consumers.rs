//! The relay and the consumers, for each event that they hear.

use client::eventually;
use contract::{Consumer, Cost};
use tests::World;
use tests::calls::consumers::{cost_of, event_of, round_trips_of};
use tests::stage::{Stage, event_type};
use tests::story::{STEPS, Story};

use super::chain::Price;
use super::least::{self, Least};
use super::{Used, cells, timed};
use crate::prices;
use crate::report::Table;

/// What SQS charges for a message that comes alone: to send, to receive and to delete it.
const ALONE: f64 = 3.0 * prices::QUEUE_REQUEST;

/// A consumer and a case of its cost.
struct Case {
    consumer: &'static Consumer,
    cost: &'static Cost,
    used: Option<Used>,
}

pub(super) fn table(rounds: usize, prices: &mut Vec<Price>) -> Table {
    let stage = Stage::open();
    stage.take_all();
    let mut rows = vec![relay(&stage, rounds)];
    // Only events of the stories come to consumers.
    stage.take_all();
    let costs =
        |consumer: &'static Consumer| consumer.description.costs.iter().map(move |cost| (consumer, cost));
    let cases = World::consumers().iter().flat_map(costs);
    let mut cases: Vec<Case> = cases.map(|(consumer, cost)| Case { consumer, cost, used: None }).collect();
    for round in 0..rounds {
        tell(&stage, &format!("story-{round}"), &mut cases);
    }
    let mut table = Table::new(
        "An event, with the least in parentheses where it is less",
        [
            "function",
            "event",
            "× least $",
            "× least trips",
            "$ a million",
            "RCU",
            "WCU",
            "round trips",
            "its ms",
            "$ a million in batches",
        ],
    );
    rows.extend(cases.into_iter().map(|case| case.row(&stage.world)));
    for (cells, price) in rows {
        table.row(cells);
        prices.push(price);
    }
    table
}

/// Lets each event of the story happen, and each consumer handle it at once, in a session that is open already.
fn tell(stage: &Stage, slug: &str, cases: &mut [Case]) {
    let tenant = stage.world.tenant(slug);
    sample(stage, stage.open_sessions(&tenant), cases);
    let mut story = Story::of(&stage.world, &tenant);
    for step in STEPS {
        step(&mut story);
        sample(stage, stage.take_all(), cases);
    }
}

fn sample(stage: &Stage, messages: Vec<(&'static Consumer, String)>, cases: &mut [Case]) {
    for (consumer, body) in messages {
        let event = event_type(&body);
        let cost = cost_of(consumer, &event);
        let case = cost.and_then(|cost| cases.iter_mut().find(|case| std::ptr::eq(case.cost, cost)));
        case.unwrap_or_else(|| panic!("{} names no cost of {event}", consumer.binary)).sample(stage, &body);
    }
}

impl Case {
    fn sample(&mut self, stage: &Stage, body: &str) {
        let Case { consumer, cost, used } = self;
        let (world, function) = (&stage.world, &consumer.function);
        let work = || timed(world, function, || stage.handle_batch(consumer, &[body]));
        let (took, consumed) = world.consumed(function, work);
        let used = used.get_or_insert_with(|| {
            let measured = (consumed.units.read, consumed.units.write, Some(consumed.round_trips()));
            let declared = (cost.read, cost.write, round_trips_of(consumer, cost));
            assert_eq!(measured, declared, "{} {}: {consumed:?}", consumer.binary, cost.case);
            Used::new(world, function, consumed)
        });
        used.milliseconds.extend(took);
    }

    fn row(self, world: &World) -> (Vec<String>, Price) {
        let (binary, event) = (&self.consumer.binary, event_of(self.cost));
        let least = least::of_event(binary, event);
        let name = if event.is_empty() { "every event" } else { &self.cost.case };
        let used = self.used.as_ref().unwrap_or_else(|| panic!("the story has no {event} for {binary}"));
        let batch = world.batch_size(&self.consumer.function) as f64;
        let in_a_batch = (1.0 + 2.0 / batch) * prices::QUEUE_REQUEST;
        let price = Price {
            name: format!("`{binary}`, {name}"),
            dollars: ALONE + used.dollars(),
            in_a_batch: in_a_batch + used.dollars() - invocation_spared(batch),
            least: ALONE + used.least_dollars(least),
        };
        (row((binary, name), used, least, &price), price)
    }
}

/// What an event of a batch spares, since all of it share an invocation.
fn invocation_spared(batch: f64) -> f64 {
    prices::INVOCATION * (1.0 - 1.0 / batch)
}

fn row((binary, event): (&str, &str), used: &Used, least: Least, price: &Price) -> Vec<String> {
    let first = [format!("`{binary}`"), event.to_owned()].into_iter();
    let cells = cells((price.dollars, price.least), used, least);
    first.chain(cells).chain([format!("{:.2}", price.in_a_batch)]).collect()
}

/// One event comes to the relay at a time.
fn relay(stage: &Stage, rounds: usize) -> (Vec<String>, Price) {
    const FUNCTION: &str = "RelayEventsFunction";
    let (world, tenant) = (&stage.world, &stage.tenant);
    let runs = || world.cloud().function_stats().get(FUNCTION).map_or(0, |stats| stats.invocations);
    let mut used = None;
    for round in 0..rounds {
        let before = runs();
        let publish = || {
            tenant.admin.create_product(&format!("Lamp {round}"), 100);
            eventually("the event is published", || (runs() > before).then_some(()));
        };
        let (took, consumed) = world.consumed(FUNCTION, || timed(world, FUNCTION, publish));
        used.get_or_insert_with(|| Used::new(world, FUNCTION, consumed)).milliseconds.extend(took);
    }
    let used = used.expect("it was sampled");
    let least = Least { read: 0.0, write: 0.0, round_trips: 1 };
    let event = "every event";
    let price = Price {
        name: format!("`relay_events`, {event}"),
        dollars: used.dollars(),
        in_a_batch: used.dollars() - invocation_spared(world.batch_size(FUNCTION) as f64),
        least: used.least_dollars(least),
    };
    (row(("relay_events", event), &used, least, &price), price)
}
