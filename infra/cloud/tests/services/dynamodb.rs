use cloud::services::{Consumed, Credential};
use serde_json::json;

use crate::stack::{TABLE, stack};
use crate::support::Cloud;

fn key(pk: &str) -> serde_json::Value {
    json!({"pk": {"S": pk}, "sk": {"S": "s"}})
}

#[tokio::test]
async fn items_are_written_and_read() {
    let cloud = Cloud::start(stack()).await;
    cloud.put("a", "s").await;
    let found = cloud.dynamodb("GetItem", json!({"TableName": TABLE, "Key": key("a")})).await;
    assert_eq!(found, json!({"Item": key("a")}));
    let listed = cloud.dynamodb("ListTables", json!({})).await;
    assert_eq!(listed["TableNames"], json!([TABLE]));
}

#[tokio::test]
async fn a_failed_condition_shows_the_old_item() {
    let cloud = Cloud::start(stack()).await;
    cloud.put("a", "s").await;
    let put = json!({
        "TableName": TABLE, "Item": key("a"), "ConditionExpression": "attribute_not_exists(pk)",
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    });
    let (status, answer) = cloud.try_call("DynamoDB_20120810.PutItem", put.clone()).await;
    assert_eq!(status, 400);
    assert!(answer["__type"].as_str().unwrap().ends_with("#ConditionalCheckFailedException"));
    assert_eq!(answer["Item"], key("a"));

    let transaction = json!({"TransactItems": [{"Put": put}]});
    let (status, answer) = cloud.try_call("DynamoDB_20120810.TransactWriteItems", transaction).await;
    assert_eq!(status, 400);
    assert_eq!(answer["CancellationReasons"][0]["Code"], "ConditionalCheckFailed");
}

#[tokio::test]
async fn malformed_requests_and_unknown_actions_are_refused() {
    let cloud = Cloud::start(stack()).await;
    for (action, request, code) in [
        ("PutItem", json!({"TableName": TABLE}), "ValidationException"),
        ("PutItem", json!({"TableName": TABLE, "Item": {"pk": {"S": 1}}}), "SerializationException"),
        ("GetItem", json!([]), "SerializationException"),
        ("GetItem", json!({"TableName": "other", "Key": key("a")}), "ResourceNotFoundException"),
        ("DeleteTable", json!({"TableName": TABLE}), "UnknownOperationException"),
    ] {
        let (status, answer) = cloud.try_call(&format!("DynamoDB_20120810.{action}"), request).await;
        assert_eq!(status, 400, "{answer}");
        assert!(answer["__type"].as_str().unwrap().ends_with(code), "{action}: {answer}");
    }
}

#[tokio::test]
async fn an_unknown_access_key_is_refused() {
    let cloud = Cloud::start(stack()).await;
    let unknown = Credential {
        access_key_id: "ASIAUNKNOWN".into(),
        secret_access_key: "x".into(),
        session_token: Some("x".into()),
    };
    let headers = [("x-amz-target", "DynamoDB_20120810.ListTables")];
    let (status, body) = cloud.post_as(&unknown, "/", &headers, "{}".into()).await;
    assert_eq!(status, 400);
    assert!(body.contains("UnrecognizedClientException"), "{body}");
}

#[tokio::test]
async fn consumed_capacity_is_logged_and_shown_to_those_who_ask() {
    let cloud = Cloud::start(stack()).await;
    let mark = cloud.services.capacity().mark();
    cloud.put("a", "s").await;
    let read = |asked: &str| json!({"TableName": TABLE, "Key": key("a"), "ConsistentRead": true, "ReturnConsumedCapacity": asked});
    let silent = cloud.dynamodb("GetItem", read("NONE")).await;
    assert_eq!(silent, json!({"Item": key("a")}));
    let shown = cloud.dynamodb("GetItem", read("TOTAL")).await;
    assert_eq!(shown["ConsumedCapacity"]["CapacityUnits"], 1.0);
    let puts = json!({"TransactItems": [
        {"Put": {"TableName": TABLE, "Item": key("b")}}, {"Put": {"TableName": TABLE, "Item": key("c")}},
    ]});
    assert_eq!(cloud.dynamodb("TransactWriteItems", puts).await, json!({}));

    let entry = |action: &str, read_units, write_units| Consumed {
        function: "WorkerFunction".into(),
        action: action.into(),
        table: TABLE.into(),
        read_units,
        write_units,
    };
    let expected = [
        entry("PutItem", 0.0, 1.0),
        entry("GetItem", 1.0, 0.0),
        entry("GetItem", 1.0, 0.0),
        entry("TransactWriteItems", 0.0, 4.0),
    ];
    assert_eq!(cloud.services.capacity().since(mark), expected);
    assert_eq!(cloud.services.capacity().take(), expected);
    assert_eq!(cloud.services.capacity().since(mark), []);
}
