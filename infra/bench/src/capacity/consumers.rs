//! The relay and the consumers, for each event that they hear.

use client::eventually;
use contract::{Consumer, Cost};
use serde_json::{Value, json};
use tests::World;
use tests::story::{STEPS, Story};

use super::chain::Price;
use super::least::{self, Least};
use super::{Used, cells, timed};
use crate::prices;
use crate::report::Table;

/// What SQS charges for a message that comes alone: to send, to receive and to delete it.
const ALONE: f64 = 3.0 * prices::QUEUE_REQUEST;
/// The template's size of a batch, which is received and deleted at once.
const BATCH: f64 = 10.0;
const IN_A_BATCH: f64 = (1.0 + 2.0 / BATCH) * prices::QUEUE_REQUEST;

/// A consumer and a case of its cost.
struct Case {
    consumer: &'static Consumer,
    cost: &'static Cost,
    used: Option<Used>,
}

pub(super) fn table(rounds: usize, prices: &mut Vec<Price>) -> Table {
    let world = World::start();
    for consumer in World::consumers() {
        world.cloud().set_enabled(&consumer.function, false).expect("a consumer has an event source");
    }
    let mut rows = vec![relay(&world, rounds)];
    let costs =
        |consumer: &'static Consumer| consumer.description.costs.iter().map(move |cost| (consumer, cost));
    let cases = World::consumers().iter().flat_map(costs);
    let mut cases: Vec<Case> = cases.map(|(consumer, cost)| Case { consumer, cost, used: None }).collect();
    take(&world);
    for round in 0..rounds {
        tell(&world, &format!("story-{round}"), &mut cases);
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
    rows.extend(cases.into_iter().map(Case::row));
    for (cells, price) in rows {
        table.row(cells);
        prices.push(price);
    }
    table
}

/// Lets each event of the story happen, and each consumer handle it at once, in a session that is open already.
fn tell(world: &World, slug: &str, cases: &mut [Case]) {
    let tenant = world.tenant(slug);
    let onboarded = take(world);
    tenant.admin.confirm(&tenant.order()).expect(200);
    for (consumer, body) in take(world) {
        deliver(world, consumer, &body);
    }
    sample(world, onboarded, cases);
    let mut story = Story::of(world, &tenant);
    for step in STEPS {
        step(&mut story);
        sample(world, take(world), cases);
    }
}

/// Takes all messages out of the queues once all that was committed is published.
fn take(world: &World) -> Vec<(&'static Consumer, String)> {
    let services = world.cloud().services();
    let newest = world.committed().into_iter().map(|event| event["id"].to_string()).max();
    let of_all = World::consumers().iter().find(|consumer| consumer.binary == "record_audit");
    let of_all = &of_all.expect("a consumer that hears of every event").queue;
    eventually("the newest event is published", || {
        let messages = services.messages(of_all).expect("a consumer's queue");
        messages
            .iter()
            .any(|message| Some(parsed(&message.body)["detail"]["id"].to_string()) == newest)
            .then_some(())
    });
    let mut taken = Vec::new();
    for consumer in World::consumers() {
        let messages = services.messages(&consumer.queue).expect("a consumer's queue");
        services.purge(&consumer.queue).expect("a consumer's queue");
        taken.extend(messages.into_iter().map(|message| (consumer, message.body)));
    }
    taken
}

fn deliver(world: &World, consumer: &Consumer, body: &str) {
    let records = json!({ "Records": [{ "messageId": "0", "body": body, "eventSource": "aws:sqs" }] });
    let answer = world.block_on(world.cloud().invoke(&consumer.function, records));
    let answer = answer.unwrap_or_else(|error| panic!("{}: {error}", consumer.binary));
    assert_eq!(answer["batchItemFailures"], json!([]), "{}: {body}", consumer.binary);
}

fn sample(world: &World, messages: Vec<(&'static Consumer, String)>, cases: &mut [Case]) {
    for (consumer, body) in messages {
        let event = parsed(&body)["detail-type"].as_str().unwrap_or_default().to_owned();
        let case =
            cases.iter_mut().find(|case| case.consumer.binary == consumer.binary && case.is_of(&event));
        case.unwrap_or_else(|| panic!("{} names no cost of {event}", consumer.binary)).sample(world, &body);
    }
}

impl Case {
    fn event(&self) -> &str {
        self.cost.case.split(", ").next().unwrap_or_default()
    }

    fn is_of(&self, event: &str) -> bool {
        self.event().is_empty() || self.event() == event
    }

    fn sample(&mut self, world: &World, body: &str) {
        let Case { consumer, cost, used } = self;
        let function = &consumer.function;
        let work = || timed(world, function, || deliver(world, consumer, body));
        let ((took, units), called) = world.count_calls(|| world.measure(work));
        let units = units.get(function).copied().unwrap_or_default();
        let called = called.get(function).cloned().unwrap_or_default();
        let used = used.get_or_insert_with(|| {
            assert_eq!(
                (units.read, units.write),
                (cost.read, cost.write),
                "{} {}",
                consumer.binary,
                cost.case
            );
            Used::new(world, function, units, called)
        });
        used.milliseconds.extend(took);
    }

    fn row(self) -> (Vec<String>, Price) {
        let (binary, event) = (&self.consumer.binary, self.event());
        let least = least::of_event(binary, event);
        let name = if event.is_empty() { "every event" } else { &self.cost.case };
        let used = self.used.as_ref().unwrap_or_else(|| panic!("the story has no {event} for {binary}"));
        let dollars = (ALONE + used.dollars(), ALONE + used.least_dollars(least));
        let shared = prices::INVOCATION * (1.0 - 1.0 / BATCH);
        row((binary, name), used, dollars, (least, dollars.0 - ALONE + IN_A_BATCH - shared))
    }
}

/// The row of an event, and its price.
fn row(
    name: (&str, &str),
    used: &Used,
    dollars: (f64, f64),
    least_and_in_a_batch: (Least, f64),
) -> (Vec<String>, Price) {
    let (least, in_a_batch) = least_and_in_a_batch;
    let first = [format!("`{}`", name.0), name.1.to_owned()].into_iter();
    let cells = first.chain(cells(dollars, used, least)).chain([format!("{in_a_batch:.2}")]).collect();
    let name = format!("`{}`, {}", name.0, name.1);
    (cells, Price { name, dollars: dollars.0, in_a_batch, least: dollars.1 })
}

fn parsed(body: &str) -> Value {
    serde_json::from_str(body).expect("a message is JSON")
}

/// One event comes to the relay at a time.
fn relay(world: &World, rounds: usize) -> (Vec<String>, Price) {
    const FUNCTION: &str = "RelayEventsFunction";
    let tenant = world.tenant("relayed");
    let runs = || world.cloud().function_stats().get(FUNCTION).map_or(0, |stats| stats.invocations);
    eventually("the tenant's events are published", || (runs() > 0).then_some(()));
    let mut used = None;
    for round in 0..rounds {
        let before = runs();
        let publish = || {
            tenant.admin.create_product(&format!("Lamp {round}"), 100);
            eventually("the event is published", || (runs() > before).then_some(()));
        };
        let ((took, units), called) = world.count_calls(|| world.measure(|| timed(world, FUNCTION, publish)));
        let units = units.get(FUNCTION).copied().unwrap_or_default();
        let called = called.get(FUNCTION).cloned().unwrap_or_default();
        let used = used.get_or_insert_with(|| Used::new(world, FUNCTION, units, called));
        used.milliseconds.extend(took);
    }
    let used = used.expect("it was sampled");
    let least = Least { read: 0.0, write: 0.0, round_trips: 1 };
    let dollars = (used.dollars(), used.least_dollars(least));
    let in_a_batch = dollars.0 - prices::INVOCATION * (1.0 - 1.0 / BATCH);
    row(("relay_events", "every event"), &used, dollars, (least, in_a_batch))
}
