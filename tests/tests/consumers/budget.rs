//! What an event consumes, and that each has an effect.

use contract::Consumer;
use tests::calls::consumers::{cost_of, declared, round_trips_of};
use tests::stage::{Stage, event_type};
use tests::story::{STEPS, Story};
use tests::world::Units;
use tests::{Consumed, World};

/// The first event of each type is measured, as the story tells it, in a session that is open already.
#[test]
fn every_consumer_keeps_its_budget_for_every_event_that_it_hears() {
    let stage = Stage::open();
    let mut messages = stage.open_sessions(&stage.tenant);
    let mut story = Story::of(&stage.world, &stage.tenant);
    let (mut measured, mut broken) = (Vec::new(), Vec::new());
    let mut steps = STEPS.iter();
    loop {
        for (consumer, body) in messages {
            let event_type = event_type(&body);
            let before = stage.effects();
            let work = || stage.handle_batch(consumer, &[&body]);
            let ((), consumed) = stage.world.consumed(&consumer.function, work);
            if before == stage.effects() {
                broken.push(format!("{} {event_type}: no effect", consumer.binary));
            }
            let key = (&consumer.binary, event_type);
            if !measured.contains(&key) {
                broken.extend(over_budget(consumer, &key.1, &consumed));
                measured.push(key);
            }
        }
        let Some(step) = steps.next() else { break };
        step(&mut story);
        messages = stage.take_all();
    }
    for consumer in World::consumers() {
        for event_type in &consumer.description.events {
            if !measured.contains(&(&consumer.binary, event_type.clone())) {
                broken.push(format!("{} {event_type}: tests/src/story.rs does not tell it", consumer.binary));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

fn over_budget(consumer: &Consumer, event_type: &str, consumed: &Consumed) -> Option<String> {
    let name = format!("{} {event_type}", consumer.binary);
    let Some(cost) = cost_of(consumer, event_type) else {
        return Some(format!("{name}: no cost"));
    };
    let round_trips = round_trips_of(consumer, cost);
    println!("{name}: {consumed:?}, expected {cost:?} and {round_trips:?} round trips");
    let is_kept = consumed.units == Units { read: cost.read, write: cost.write }
        && round_trips == Some(consumed.round_trips());
    (!is_kept)
        .then(|| format!("{name} consumed {consumed:?}, expected {cost:?} and {round_trips:?} round trips"))
}

#[test]
fn round_trips_are_declared_for_costs_of_consumers_alone() {
    for (binary, case) in declared() {
        let mut consumers = World::consumers().iter().filter(|consumer| consumer.binary == binary);
        let has_case = |consumer: &Consumer| consumer.description.costs.iter().any(|cost| cost.case == case);
        assert!(consumers.any(has_case), "no consumer names the cost of {binary} {case}");
    }
}
