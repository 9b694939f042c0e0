//! What an event consumes, and that each has an effect.

use contract::{Consumer, Cost};
use tests::World;
use tests::world::Units;

use super::stage::{Stage, event_type};
use tests::story::{STEPS, Story};

/// The first event of each type is measured, as the story tells it.
#[test]
fn every_consumer_keeps_its_budget_for_every_event_that_it_hears() {
    let stage = Stage::open();
    let mut story = Story::of(&stage.world, &stage.tenant);
    let mut measured = Vec::new();
    let mut broken = Vec::new();
    let nothing_yet: [tests::story::Step; 1] = [|_| {}];
    for step in nothing_yet.iter().chain(STEPS) {
        step(&mut story);
        for consumer in World::consumers() {
            for body in stage.take(consumer) {
                let event_type = event_type(&body);
                let before = stage.effects();
                let units = handle_measured(&stage, consumer, &body);
                if before == stage.effects() {
                    broken.push(format!("{} {event_type}: no effect", consumer.binary));
                }
                let key = (consumer.binary.clone(), event_type.clone());
                if !measured.contains(&key) {
                    broken.extend(over_budget(consumer, &event_type, units));
                    measured.push(key);
                }
            }
        }
    }
    for consumer in World::consumers() {
        for event_type in &consumer.description.events {
            if !measured.contains(&(consumer.binary.clone(), event_type.clone())) {
                broken.push(format!("{} {event_type}: tests/src/story.rs does not tell it", consumer.binary));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

fn handle_measured(stage: &Stage, consumer: &Consumer, body: &str) -> Units {
    let ((), consumed) = stage.world.measure(|| stage.handle_batch(consumer, &[body]));
    consumed.get(&consumer.function).copied().unwrap_or_default()
}

fn over_budget(consumer: &Consumer, event_type: &str, units: Units) -> Option<String> {
    let of_type = |cost: &&Cost| cost.case.is_empty() || cost.case.split(", ").next() == Some(event_type);
    let Some(cost) = consumer.description.costs.iter().find(of_type) else {
        return Some(format!("{} {event_type}: no cost", consumer.binary));
    };
    println!("{} {event_type}: {units:?}, expected {cost:?}", consumer.binary);
    let is_kept = units == Units { read: cost.read, write: cost.write };
    (!is_kept).then(|| format!("{} {event_type} consumed {units:?}, expected {cost:?}", consumer.binary))
}
