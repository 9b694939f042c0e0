//! Messages that no version can handle, and messages that another version can.

use serde_json::{Value, json};
use tests::World;

use tests::stage::{Delivered, Stage, parsed};
use tests::story::Story;

fn with(good: &str, pointer: &str, value: Value) -> String {
    let mut message = parsed(good);
    *message.pointer_mut(pointer).unwrap_or_else(|| panic!("no {pointer} in {good}")) = value;
    message.to_string()
}

/// What the message becomes, and a word of the reason why it is refused.
fn broken(good: &str) -> Vec<(String, &'static str)> {
    let nobody = "0".repeat(32);
    vec![
        ("{".to_owned(), "cannot be read"),
        ("plain text".to_owned(), "cannot be read"),
        (json!({ "Records": [{ "eventSource": "aws:s3", "s3": {} }] }).to_string(), "no event of a bus"),
        (with(good, "/source", json!("shop")), "is not ours"),
        (with(good, "/detail", json!("text")), "cannot be read"),
        (with(good, "/detail/data", json!({ "text": "x".repeat(1_000_000) })), "bytes"),
        (with(good, "/detail/version", json!(0)), "cannot be read"),
        (with(good, "/detail/sequence", json!(0)), "has no event"),
        (with(good, "/detail/sequence", json!(77)), "has no event"),
        (with(good, "/detail/id", json!(format!("evt_{nobody}"))), "has no event"),
        (with(good, "/detail/tenant", json!("acme")), "cannot be read"),
        (with(good, "/detail/aggregate/id", json!("7")), "aggregate cannot be read"),
        (with(good, "/detail/aggregate/kind", json!("")), "no kind of aggregate"),
        (with(good, "/detail/occurredAt", json!("2126-01-02T03:04:05Z")), "as the tenant's log has them"),
        (
            with(good, "/detail/actor", json!({ "kind": "user", "id": format!("usr_{nobody}") })),
            "as the tenant's log has them",
        ),
    ]
}

/// Each poisoned message stands in a batch with a good one, which it does not hold up.
#[test]
fn a_poisoned_message_is_kept_whole_with_its_reason_and_holds_up_nothing() {
    let stage = Stage::open();
    Story::of(&stage.world, &stage.tenant).tell();
    for consumer in World::consumers() {
        let bodies = stage.take(consumer);
        let (good, earlier) = bodies.split_last().unwrap();
        let nothing = stage.effects();
        let Delivered { failed, letters } = stage.deliver(consumer, &["{", good]);
        assert!(failed.is_empty() && letters.len() == 1);
        let good_alone = stage.effects();
        assert_ne!(nothing, good_alone, "{}: the good message waits", consumer.binary);
        for (poisoned, word) in broken(good) {
            let Delivered { failed, letters } = stage.deliver(consumer, &[&poisoned, good]);
            let shown: String = poisoned.chars().take(300).collect();
            assert!(failed.is_empty(), "{}: {shown}", consumer.binary);
            let [(letter, reason)] = &letters[..] else { panic!("{} buries {shown}", consumer.binary) };
            assert!(*letter == poisoned, "{} keeps {shown} whole", consumer.binary);
            assert!(reason.contains(word), "{}: {reason} for {shown}", consumer.binary);
            assert_eq!(stage.effects(), good_alone, "{}: an effect of {shown}", consumer.binary);
        }
        stage.handle(consumer, earlier);
    }
}

/// A newer version has written the event, or a rule sends an event that only a newer version handles.
#[test]
fn what_only_another_version_knows_waits_and_holds_up_nothing() {
    let stage = Stage::open();
    Story::of(&stage.world, &stage.tenant).tell();
    for consumer in World::consumers() {
        let bodies = stage.take(consumer);
        let good = bodies.last().unwrap();
        let crt = format!("crt_{}", "0".repeat(32));
        for newer in [
            with(good, "/detail/type", json!("cart.filled")),
            with(good, "/detail/version", json!(99)),
            with(good, "/detail/aggregate", json!({ "kind": "cart", "id": crt })),
        ] {
            let Delivered { failed, letters } = stage.deliver(consumer, &[&newer, good]);
            assert_eq!((failed, letters), (vec![0], vec![]), "{}: {newer}", consumer.binary);
        }
        let mut types = World::contract().catalogue.description.types();
        if let Some(deaf) = types.find(|name| !consumer.description.events.iter().any(|heard| heard == name))
        {
            let unheard = with(good, "/detail/type", json!(deaf));
            assert_eq!(stage.deliver(consumer, &[&unheard]).failed, [0], "{}: {deaf}", consumer.binary);
        }
        stage.handle(consumer, &bodies);
    }
}
