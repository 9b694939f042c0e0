use std::sync::Arc;

use cloud::services::{Authorization, Services};
use cloud::storage::Storage;
use serde_json::{Value, json};

use crate::stack::{BUS, queue_url, stack};
use crate::support::Cloud;

pub(crate) fn entry(detail_type: &str, detail: &str) -> Value {
    json!({"Source": "terrace", "DetailType": detail_type, "Detail": detail, "EventBusName": BUS, "Time": 1_767_225_600})
}

async fn put(cloud: &Cloud, entries: Value) -> Value {
    cloud.call("AWSEvents.PutEvents", json!({"Entries": entries})).await
}

async fn received(cloud: &Cloud, queue: &str) -> Value {
    let request = json!({"QueueUrl": queue_url(queue), "MaxNumberOfMessages": 10});
    cloud.call("AmazonSQS.ReceiveMessage", request).await["Messages"].clone()
}

#[tokio::test]
async fn a_matching_event_reaches_the_queue_whole() {
    let cloud = Cloud::start(stack()).await;
    let detail = r#"{"id":"evt_1","amount":12345678901234567890}"#;
    let answer = put(&cloud, json!([entry("order.placed", detail), entry("product.created", "{}")])).await;
    assert_eq!(answer["FailedEntryCount"], 0);

    let messages = received(&cloud, "Work").await;
    assert_eq!(messages.as_array().unwrap().len(), 1);
    let event: Value = serde_json::from_str(messages[0]["Body"].as_str().unwrap()).unwrap();
    assert_eq!(
        event,
        json!({
            "version": "0", "id": answer["Entries"][0]["EventId"], "detail-type": "order.placed", "source": "terrace",
            "account": "123456789012", "time": "2026-01-01T00:00:00Z", "region": "eu-west-1", "resources": [],
            "detail": {"id": "evt_1", "amount": 12345678901234567890_u64},
        })
    );
    let recent = cloud.services.recent_events();
    assert_eq!(recent[0].queues, ["terrace-Work"]);
    assert!(recent[1].queues.is_empty());
}

#[tokio::test]
async fn each_entry_is_accepted_or_refused_alone() {
    let cloud = Cloud::start(stack()).await;
    let bus = |name: &str| {
        let mut entry = entry("order.placed", "{}");
        entry["EventBusName"] = json!(name);
        entry
    };
    let answer = put(
        &cloud,
        json!([
            entry("order.placed", "[]"),
            entry("order.placed", "{"),
            entry("", "{}"),
            bus("other"),
            bus("arn:aws:events:eu-west-1:123456789012:event-bus/terrace"),
            {"DetailType": "order.placed", "Detail": "{}"},
        ]),
    )
    .await;
    assert_eq!(answer["FailedEntryCount"], 5);
    let codes: Vec<_> =
        answer["Entries"].as_array().unwrap().iter().map(|entry| &entry["ErrorCode"]).collect();
    let (malformed, invalid) = (json!("MalformedDetail"), json!("InvalidArgument"));
    assert_eq!(codes, [&malformed, &malformed, &invalid, &invalid, &Value::Null, &invalid]);
    assert_eq!(cloud.depth("Work"), (1, 0));
}

#[tokio::test]
async fn a_request_over_the_limits_is_refused_whole() {
    let cloud = Cloud::start(stack()).await;
    // The entry's size with this detail is one MiB, of which its time has 14 bytes.
    let rest = 1_048_576 - 14 - "terrace".len() - "order.placed".len();
    let largest = format!(r#"{{"text":"{}"}}"#, "x".repeat(rest - r#"{"text":""}"#.len()));
    let half = format!(r#"{{"text":"{}"}}"#, "x".repeat(rest / 2));
    let entries = [
        json!([]),
        json!(vec![entry("order.placed", "{}"); 11]),
        json!([entry("order.placed", &format!("{largest} "))]),
        json!([entry("order.placed", &half), entry("order.placed", &half)]),
    ];
    for entries in entries {
        let (status, answer) = cloud.try_call("AWSEvents.PutEvents", json!({"Entries": entries})).await;
        assert_eq!((status, &answer["__type"]), (400, &json!("ValidationException")));
    }
    assert_eq!(put(&cloud, json!([entry("order.placed", &largest)])).await["FailedEntryCount"], 0);
    assert_eq!(cloud.depth("Work"), (1, 0));
}

#[tokio::test]
async fn a_pattern_that_cannot_be_matched_stops_the_start_and_names_its_rule() {
    let mut stack = stack();
    stack.rules[0].pattern = json!({"source": [{"anything-but": {"numeric": [">", 1]}}]});
    let refusal = Services::open(Arc::new(stack), &Storage::Memory, Authorization::Open).await.err().unwrap();
    assert!(refusal.to_string().starts_with("WorkRule: "), "{refusal}");
}
