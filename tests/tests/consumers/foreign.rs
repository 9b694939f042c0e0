//! Messages that name something of another tenant, for every consumer and every event that it hears: the victim's values
//! in the stranger's messages, and the other way round.

use std::collections::{BTreeMap, BTreeSet};

use contract::Consumer;
use serde_json::{Value, json};
use tests::World;

use crate::isolation::ids_in;
use tests::stage::{Delivered, Effects, Stage, event_type, parsed};
use tests::story::Story;

/// A change of the stranger's message, by the victim's message of the same type.
type Forgery = (&'static str, fn(&mut Value, &Value));

/// The tenant's log does not have what these say.
const REFUSED: &[Forgery] = &[
    ("the victim's event in the stranger's name", |own, foreign| {
        let tenant = own["detail"]["tenant"].take();
        *own = foreign.clone();
        own["detail"]["tenant"] = tenant;
    }),
    ("the stranger's event in the victim's name", |own, foreign| {
        own["detail"]["tenant"] = foreign["detail"]["tenant"].clone();
    }),
    ("an event in nobody's name", |own, _| {
        own["detail"]["tenant"] = json!(format!("ten_{}", "0".repeat(32)))
    }),
    ("the victim's aggregate", |own, foreign| {
        own["detail"]["aggregate"] = foreign["detail"]["aggregate"].clone();
    }),
    ("the victim's event id", |own, foreign| own["detail"]["id"] = foreign["detail"]["id"].clone()),
    ("the victim's user as actor", |own, foreign| {
        let user = &foreign["detail"]["actor"]["id"];
        own["detail"]["actor"] = json!({ "kind": "user", "id": user.as_str().unwrap_or(NOBODY) });
    }),
];

/// The log has what these say, and the rest of the message is not asked.
const HANDLED: &[Forgery] = &[
    ("the victim's data", |own, foreign| own["detail"]["data"] = foreign["detail"]["data"].clone()),
    ("a position behind the victim's user", |own, foreign| {
        let after = foreign["detail"]["actor"]["id"].as_str().unwrap_or(NOBODY);
        own["continueAt"] = json!({ "channel": "inApp", "after": after, "mailIsWanted": true });
    }),
];

const NOBODY: &str = "usr_00000000000000000000000000000000";

#[test]
fn a_message_that_names_another_tenant_s_things_reads_changes_and_tells_nothing_of_it() {
    let stage = Stage::open();
    for tenant in [&stage.tenant, &stage.stranger] {
        Story::of(&stage.world, tenant).tell();
    }
    let mut messages = 0;
    for consumer in World::consumers() {
        let bodies = stage.take(consumer);
        let [victim, stranger] = [&stage.tenant, &stage.stranger].map(|tenant| by_type(&bodies, &tenant.id));
        let of_the_victim = stage.effects().of(&stage.tenant);
        for heard in &consumer.description.events {
            let pair = victim.get(heard).zip(stranger.get(heard));
            let (foreign, own) =
                pair.unwrap_or_else(|| panic!("{} {heard}: not in the story", consumer.binary));
            for (name, forge) in REFUSED {
                let case = format!("{} {heard}: {name}", consumer.binary);
                refuse(&stage, consumer, &case, &forged(own, foreign, *forge));
            }
            for (name, forge) in HANDLED {
                let case = format!("{} {heard}: {name}", consumer.binary);
                handle(&stage, consumer, &case, &forged(own, foreign, *forge));
                let after = stage.effects();
                assert_eq!(after.of(&stage.tenant), of_the_victim, "{case}: the victim's on the right");
                assert_nothing_of_the_victim(&stage, &case, &after);
            }
            messages += REFUSED.len() + HANDLED.len();
        }
        stage.handle(consumer, &bodies);
    }
    println!("{messages} messages to {} consumers", World::consumers().len());
}

/// A tenant's first message of each type.
fn by_type(bodies: &[String], tenant: &str) -> BTreeMap<String, Value> {
    let mut found = BTreeMap::new();
    for body in bodies.iter().filter(|body| parsed(body)["detail"]["tenant"] == tenant) {
        found.entry(event_type(body)).or_insert_with(|| parsed(body));
    }
    found
}

fn forged(own: &Value, foreign: &Value, forge: fn(&mut Value, &Value)) -> String {
    let mut message = own.clone();
    forge(&mut message, foreign);
    message.to_string()
}

/// The letter is the message itself, and its reason names nothing that the message does not name.
fn refuse(stage: &Stage, consumer: &Consumer, case: &str, forged: &str) {
    let before = stage.effects();
    let Delivered { failed, letters } = stage.deliver(consumer, &[forged]);
    assert!(failed.is_empty(), "{case}: comes again");
    let [(letter, reason)] = &letters[..] else { panic!("{case}: is no dead letter") };
    assert_eq!(letter, forged, "{case}");
    assert!(
        reason.contains("has no event") || reason.contains("as the tenant's log has them"),
        "{case}: {reason}"
    );
    let known: BTreeSet<&str> = ids_in(forged).map(|(_, id)| id).collect();
    for (_, id) in ids_in(reason) {
        assert!(known.contains(id), "{case}: the reason tells {id}");
    }
    assert_eq!(stage.effects(), before, "{case}: an effect");
}

fn handle(stage: &Stage, consumer: &Consumer, case: &str, forged: &str) {
    let Delivered { failed, letters } = stage.deliver(consumer, &[forged]);
    assert_eq!((failed, letters), (vec![], vec![]), "{case}");
}

fn assert_nothing_of_the_victim(stage: &Stage, case: &str, effects: &Effects) {
    let [victim, stranger] = [&stage.tenant, &stage.stranger].map(|tenant| effects.of(tenant));
    let ids: BTreeSet<&str> = victim.iter().flat_map(|text| ids_in(text).map(|(_, id)| id)).collect();
    for text in &stranger {
        assert!(!text.contains(&stage.tenant.slug), "{case}: {text}");
        for (_, id) in ids_in(text) {
            assert!(!ids.contains(id), "{case}: the victim's {id} in {text}");
        }
    }
}
