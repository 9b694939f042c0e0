//! What a fault does to a request.

use std::time::{Duration, Instant};

use cloud::services::{Effect, Fault, FaultId, Times};
use serde_json::{Value, json};

use crate::events::entry;
use crate::stack::{TABLE, stack};
use crate::support::Cloud;

fn key(pk: &str) -> Value {
    json!({"pk": {"S": pk}, "sk": {"S": "s"}})
}

fn inject(cloud: &Cloud, action: &str, key_prefix: &str, effect: Effect, times: Times) -> FaultId {
    let (action, key_prefix) = (action.into(), key_prefix.into());
    cloud.services.faults().add(Fault { action, key_prefix, effect, times })
}

async fn is_there(cloud: &Cloud, pk: &str) -> bool {
    let found = cloud.dynamodb("GetItem", json!({"TableName": TABLE, "Key": key(pk)})).await;
    found["Item"].is_object()
}

async fn put_events(cloud: &Cloud, detail_types: &[&str]) -> (u16, Value) {
    let entries: Vec<Value> = detail_types.iter().map(|detail_type| entry(detail_type, "{}")).collect();
    cloud.try_call("AWSEvents.PutEvents", json!({"Entries": entries})).await
}

/// The types of the events that were published.
fn published(cloud: &Cloud) -> Vec<Value> {
    cloud.services.recent_events().into_iter().map(|recent| recent.event["detail-type"].clone()).collect()
}

#[tokio::test]
async fn a_fault_fails_one_action_for_one_key_prefix() {
    let cloud = Cloud::start(stack()).await;
    inject(&cloud, "Query", "T#one#", Effect::Fail, Times::First(1));
    let query = |pk: &str| {
        json!({
            "TableName": TABLE, "KeyConditionExpression": "pk = :pk",
            "ExpressionAttributeValues": {":pk": {"S": pk}},
        })
    };
    cloud.dynamodb("Query", query("T#two#orders")).await;
    let (status, answer) = cloud.try_call("DynamoDB_20120810.Query", query("T#one#orders")).await;
    assert_eq!((status, &answer["__type"]), (500, &json!("InternalServerError")));
    cloud.dynamodb("Query", query("T#one#orders")).await;
}

#[tokio::test]
async fn a_lost_answer_has_written_and_consumed_all_the_same() {
    let cloud = Cloud::start(stack()).await;
    inject(&cloud, "PutItem", "a", Effect::LoseAnswer, Times::First(1));
    let mark = cloud.services.capacity().mark();
    let put = json!({"TableName": TABLE, "Item": key("a")});
    let (status, answer) = cloud.try_call("DynamoDB_20120810.PutItem", put.clone()).await;
    assert_eq!((status, &answer["__type"]), (500, &json!("InternalServerError")));
    assert_eq!(cloud.services.capacity().since(mark).len(), 1);
    let found = cloud.dynamodb("GetItem", json!({"TableName": TABLE, "Key": key("a")})).await;
    assert_eq!(found, json!({"Item": key("a")}));
    cloud.dynamodb("PutItem", put).await;
}

#[tokio::test]
async fn a_fault_delays_until_it_is_removed() {
    let cloud = Cloud::start(stack()).await;
    let delay = Duration::from_millis(50);
    let id = inject(&cloud, "PutItem", "a", Effect::Delay(delay), Times::Always);
    let started = Instant::now();
    cloud.put("a", "s").await;
    assert!(started.elapsed() >= delay);
    cloud.services.faults().remove(id);
    assert!(cloud.services.faults().active().is_empty());
}

#[tokio::test]
async fn a_transaction_that_conflicts_is_cancelled_with_a_reason_for_each_item() {
    let cloud = Cloud::start(stack()).await;
    inject(&cloud, "TransactWriteItems", "T#one#", Effect::Conflict, Times::First(1));
    let write = json!({"TransactItems": [
        {"Put": {"TableName": TABLE, "Item": key("T#two#orders")}},
        {"ConditionCheck": {
            "TableName": TABLE, "Key": key("T#one#users"), "ConditionExpression": "attribute_not_exists(pk)",
        }},
        {"Put": {"TableName": TABLE, "Item": key("T#one#orders")}},
    ]});
    let (status, answer) = cloud.try_call("DynamoDB_20120810.TransactWriteItems", write.clone()).await;
    let conflict = json!({"Code": "TransactionConflict", "Message": "Transaction is ongoing for the item"});
    let expected = json!({
        "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
        "Message": "Transaction cancelled, please refer cancellation reasons for specific reasons \
                    [None, TransactionConflict, TransactionConflict]",
        "CancellationReasons": [{"Code": "None"}, conflict, conflict],
    });
    assert_eq!((status, answer), (400, expected));
    assert!(!is_there(&cloud, "T#two#orders").await && !is_there(&cloud, "T#one#orders").await);

    cloud.dynamodb("TransactWriteItems", write).await;
    assert!(is_there(&cloud, "T#two#orders").await && is_there(&cloud, "T#one#orders").await);
}

#[tokio::test]
async fn a_transaction_without_an_item_of_the_fault_does_not_conflict() {
    let cloud = Cloud::start(stack()).await;
    inject(&cloud, "TransactWriteItems", "T#one#", Effect::Conflict, Times::Always);
    let put = json!({"TransactItems": [{"Put": {"TableName": TABLE, "Item": key("T#two#orders")}}]});
    cloud.dynamodb("TransactWriteItems", put).await;
}

#[tokio::test]
async fn a_write_of_one_item_conflicts_with_an_answer_of_its_own() {
    let cloud = Cloud::start(stack()).await;
    cloud.put("b", "s").await;
    let item = json!({"TableName": TABLE, "Item": key("a")});
    let named = json!({"TableName": TABLE, "Key": key("b")});
    for (action, request) in [("PutItem", item), ("UpdateItem", named.clone()), ("DeleteItem", named)] {
        inject(&cloud, action, "", Effect::Conflict, Times::First(1));
        let (status, answer) = cloud.try_call(&format!("DynamoDB_20120810.{action}"), request).await;
        let expected = json!({
            "__type": "com.amazonaws.dynamodb.v20120810#TransactionConflictException",
            "message": "Transaction is ongoing for the item",
        });
        assert_eq!((status, answer), (400, expected), "{action}");
    }
    assert!(!is_there(&cloud, "a").await && is_there(&cloud, "b").await);
}

#[tokio::test]
async fn a_query_does_not_conflict() {
    let cloud = Cloud::start(stack()).await;
    inject(&cloud, "Query", "", Effect::Conflict, Times::Always);
    let query = json!({
        "TableName": TABLE, "KeyConditionExpression": "pk = :pk",
        "ExpressionAttributeValues": {":pk": {"S": "a"}},
    });
    assert_eq!(cloud.dynamodb("Query", query).await["Count"], 0);
}

#[tokio::test]
async fn a_fault_on_put_events_changes_nothing() {
    let cloud = Cloud::start(stack()).await;
    inject(&cloud, "PutEvents", "", Effect::Fail, Times::First(1));
    assert_eq!(put_events(&cloud, &["order.placed"]).await.0, 500);
    assert_eq!(cloud.depth("Work"), (0, 0));
    assert_eq!(put_events(&cloud, &["order.placed"]).await.0, 200);
    assert_eq!(cloud.depth("Work"), (1, 0));
}

#[tokio::test]
async fn a_fault_with_a_detail_type_fails_the_requests_that_contain_it() {
    let cloud = Cloud::start(stack()).await;
    inject(&cloud, "PutEvents", "order.", Effect::Fail, Times::Every(2));
    let with_order = ["product.created", "order.placed"];
    assert_eq!(put_events(&cloud, &with_order).await.0, 200);
    assert_eq!(put_events(&cloud, &["product.created"]).await.0, 200);
    assert_eq!(put_events(&cloud, &with_order).await.0, 500);
    assert_eq!(put_events(&cloud, &with_order).await.0, 200);
}

#[tokio::test]
async fn a_lost_answer_of_put_events_has_published_its_events() {
    let cloud = Cloud::start(stack()).await;
    inject(&cloud, "PutEvents", "", Effect::LoseAnswer, Times::First(1));
    assert_eq!(put_events(&cloud, &["order.placed"]).await.0, 500);
    assert_eq!(cloud.depth("Work"), (1, 0));
}

#[tokio::test]
async fn refused_entries_are_answered_in_their_places_and_not_published() {
    let cloud = Cloud::start(stack()).await;
    inject(&cloud, "PutEvents", "order.", Effect::RefuseEntries, Times::First(1));
    let batch = ["product.created", "order.placed", "product.retired"];
    let (status, answer) = put_events(&cloud, &batch).await;
    assert_eq!((status, &answer["FailedEntryCount"]), (200, &json!(1)));
    let entries = answer["Entries"].as_array().unwrap();
    assert!(entries[0]["EventId"].is_string() && entries[2]["EventId"].is_string());
    assert_eq!(entries[1], json!({"ErrorCode": "InternalFailure", "ErrorMessage": "refused on purpose"}));
    assert_eq!(published(&cloud), ["product.created", "product.retired"]);
    assert_eq!(cloud.depth("Work"), (0, 0));

    assert_eq!(put_events(&cloud, &batch).await.1["FailedEntryCount"], 0);
    assert_eq!(cloud.depth("Work"), (1, 0));
}

#[tokio::test]
async fn a_short_answer_is_without_the_entries_that_were_dropped() {
    let cloud = Cloud::start(stack()).await;
    inject(&cloud, "PutEvents", "order.", Effect::ShortAnswer, Times::First(1));
    let batch = ["order.placed", "product.created"];
    let (status, answer) = put_events(&cloud, &batch).await;
    assert_eq!((status, &answer["FailedEntryCount"]), (200, &json!(0)));
    assert_eq!(answer["Entries"].as_array().unwrap().len(), 1);
    assert_eq!(published(&cloud), ["product.created"]);

    assert_eq!(put_events(&cloud, &batch).await.1["Entries"].as_array().unwrap().len(), 2);
    assert_eq!(cloud.depth("Work"), (1, 0));
}

#[tokio::test]
async fn an_empty_prefix_matches_every_entry() {
    let cloud = Cloud::start(stack()).await;
    inject(&cloud, "PutEvents", "", Effect::RefuseEntries, Times::Always);
    assert_eq!(put_events(&cloud, &["order.placed", ""]).await.1["FailedEntryCount"], 2);
    assert!(published(&cloud).is_empty());
}
