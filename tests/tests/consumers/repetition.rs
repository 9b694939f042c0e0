//! Events that come twice, and events that come late.

use std::time::Duration;

use contract::{Consumer, Kind};
use tests::World;

use tests::stage::Stage;
use tests::story::{STEPS, Step, Story};

/// How long a stale write is held back. The newer event is handled meanwhile, and no attempt of the SDK takes so long.
const HELD: Duration = Duration::from_millis(600);

fn told() -> Stage {
    let stage = Stage::open();
    Story::of(&stage.world, &stage.tenant).tell();
    stage
}

#[test]
fn an_event_that_comes_twice_has_one_effect() {
    let stage = told();
    for consumer in World::consumers() {
        let bodies = stage.take(consumer);
        let nothing = stage.effects();
        stage.handle(consumer, &bodies);
        let once = stage.effects();
        assert_ne!(nothing, once, "{} has no effect", consumer.binary);
        stage.handle(consumer, &bodies);
        let at_once: Vec<&str> = bodies.iter().flat_map(|body| [body.as_str(); 2]).collect();
        stage.handle_batch(consumer, &at_once);
        assert_eq!(stage.effects(), once, "{}: once on the right", consumer.binary);
    }
}

/// The newest event comes first. After all of them, repeating them in their order has to change nothing.
#[test]
fn events_in_the_wrong_order_have_the_effect_of_the_right_one() {
    let stage = told();
    for consumer in World::consumers() {
        let in_order = stage.take(consumer);
        let mut reversed = in_order.clone();
        reversed.reverse();
        stage.handle(consumer, &reversed);
        let effects = stage.effects();
        stage.handle(consumer, &in_order);
        assert_eq!(stage.effects(), effects, "{}: the wrong order on the right", consumer.binary);
    }
}

/// An older event is handled again, and its first write is held back until a newer event was handled.
#[test]
fn a_late_write_does_not_replace_a_newer_one() {
    for consumer in World::consumers().iter().filter(|consumer| consumer.description.kind == Kind::Projection)
    {
        let stage = Stage::open();
        let mut story = Story::of(&stage.world, &stage.tenant);
        let (mut known, mut partition, mut races) = (stage.take(consumer), None::<String>, 0);
        for step in STEPS {
            match (known.last(), &partition) {
                (Some(older), Some(partition)) => {
                    let (newer, is_late) = race(&stage, consumer, (older, partition), *step, &mut story);
                    let after_the_race = stage.effects().without_versions_of_the_register();
                    races += usize::from(is_late);
                    known.extend(newer);
                    stage.handle(consumer, &known);
                    let repeated = stage.effects().without_versions_of_the_register();
                    assert_eq!(repeated, after_the_race, "{}: the race on the right", consumer.binary);
                }
                _ => {
                    step(&mut story);
                    known = stage.take(consumer);
                    let before = stage.effects();
                    stage.handle(consumer, &known);
                    partition = stage.effects().partition_changed_since(&before);
                }
            }
        }
        assert!(races > 0, "{} was never raced", consumer.binary);
    }
}

/// Takes the step, and handles its events, while a write for the older event into this partition is held back. Returns
/// the events, and whether that write was still held then, which a slow machine cannot promise.
fn race(
    stage: &Stage,
    consumer: &Consumer,
    (older, partition): (&str, &str),
    step: Step,
    story: &mut Story<'_>,
) -> (Vec<String>, bool) {
    stage.world.delay_a_write(partition, HELD);
    let raced = std::thread::scope(|scope| {
        let late = scope.spawn(|| stage.handle_batch(consumer, &[older]));
        stage.world.wait_until_a_write_is_held();
        step(story);
        let newer = stage.take(consumer);
        stage.handle(consumer, &newer);
        let is_late = !late.is_finished() && !newer.is_empty();
        late.join().unwrap();
        (newer, is_late)
    });
    stage.world.clear_faults();
    raced
}
