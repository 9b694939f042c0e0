//! The relay when the bus takes a part of what it is sent, and when the stream holds what is no commit.

use cloud::Times;
use serde_json::{Value, json};
use tests::World;
use tests::journey::notification_count;

/// In the first case, the bus refuses the event; in the second, its answer does not mention the event at all.
#[test]
fn events_that_the_bus_did_not_take_are_published_again() {
    for fault in [World::refuse_entries, World::shorten_answers] {
        let world = World::start();
        let tenant = world.tenant("acme");
        let order = tenant.order();
        fault(&world, "order.confirmed", Times::First(2));
        let confirmed = tenant.admin.confirm(&order).expect(200);
        let settled = tenant.settled(&confirmed);
        assert_eq!(notification_count(&settled), 1);
        assert!(world.cloud().faults().active().is_empty(), "the fault must have been met");
    }
}

/// The answer leaves out the first of two events, so that the second one's answer stands in its place.
#[test]
fn an_event_that_an_answer_skips_is_published_again() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let order = tenant.order();
    tenant.admin.confirm(&order).expect(200);
    world.wait_until_consumed();
    let commits = world.scan();
    let commits = commits.iter().filter(|item| item["pk"]["S"].as_str().unwrap().contains("#order#"));
    let records: Vec<Value> = commits.enumerate().map(|(number, item)| record(item, number)).collect();
    assert_eq!(records.len(), 2);
    let published = |kind: &str| {
        let recent = world.cloud().services().recent_events();
        recent.iter().filter(|recent| recent.event["detail-type"] == kind).count()
    };
    let before = ["order.placed", "order.confirmed"].map(published);
    world.shorten_answers("order.placed", Times::First(1));
    let answer = world.block_on(world.cloud().invoke("RelayEventsFunction", json!({ "Records": records })));
    assert_eq!(answer.unwrap(), json!({ "batchItemFailures": [] }));
    let after = ["order.placed", "order.confirmed"].map(published);
    assert_eq!(after[0], before[0] + 1, "the skipped event");
    assert!(after[1] > before[1]);
}

/// A record of the stream as Lambda passes it on.
fn record(item: &Value, sequence_number: usize) -> Value {
    json!({
        "eventID": sequence_number.to_string(), "eventName": "INSERT", "eventSource": "aws:dynamodb",
        "dynamodb": {
            "Keys": { "pk": item["pk"], "sk": item["sk"] }, "NewImage": item,
            "SequenceNumber": sequence_number.to_string(),
        },
    })
}

fn with(record: &Value, pointer: &str, value: Value) -> Value {
    let mut record = record.clone();
    *record.pointer_mut(pointer).unwrap() = value;
    record
}

#[test]
fn records_that_are_no_commits_are_kept_whole_with_their_reasons_and_hold_up_nothing() {
    let world = World::start();
    let tenant = world.tenant("acme");
    tenant.settled_order();
    world.wait_until_consumed();
    let commits: Vec<Value> = world.scan().into_iter().filter(|item| item.get("commit").is_some()).collect();
    let published = world.cloud().services().recent_events().len();
    let good = record(&commits[0], 1);
    let commit = "/dynamodb/NewImage/commit/S";
    let unpublishable = json!({
        "at": "2026-01-02T03:04:05Z", "actor": { "kind": "operator" },
        "events": [{ "id": format!("evt_{}", "1".repeat(32)), "type": "order.placed", "version": 1, "data": {} }],
    });
    let noncharacter = json!({ "name": "a\u{ffff}b" });
    let broken = [
        with(&good, "/dynamodb/NewImage", Value::Null),
        with(&good, "/dynamodb/Keys/pk/S", json!("T#acme#order#7")),
        with(&good, "/dynamodb/Keys/sk/S", json!("e#0000000000")),
        with(&good, commit, json!("{")),
        with(&good, commit, json!(unpublishable.to_string())),
        with(&good, commit, json!(noncharacter.to_string())),
        json!({ "dynamodb": 7 }),
    ];
    let records: Vec<&Value> = [&good].into_iter().chain(&broken).chain([&good]).collect();
    let answer = world.block_on(world.cloud().invoke("RelayEventsFunction", json!({ "Records": records })));
    assert_eq!(answer.unwrap(), json!({ "batchItemFailures": [] }));
    let letters = world.cloud().services().messages("RelayDeadLetterQueue").unwrap();
    let mut bodies: Vec<Value> =
        letters.iter().map(|letter| serde_json::from_str(&letter.body).unwrap()).collect();
    bodies.sort_by_key(Value::to_string);
    let mut expected = broken.to_vec();
    expected.sort_by_key(Value::to_string);
    assert_eq!(bodies, expected);
    assert!(letters.iter().all(|letter| !letter.attributes["reason"].is_empty()), "{letters:?}");
    let events = serde_json::from_str::<Value>(commits[0]["commit"]["S"].as_str().unwrap()).unwrap();
    let events = events["events"].as_array().unwrap().len();
    assert_eq!(world.cloud().services().recent_events().len(), published + 2 * events);
}
