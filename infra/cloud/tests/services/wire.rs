//! What is noted of requests to tables: by whom, and which keys, whatever policies say.

use cloud::services::{Authorization, Note, Way};
use cloud::storage::Storage;
use serde_json::{Value, json};

use crate::access::{dynamodb, of_one_tenant, session};
use crate::stack::{TABLE, role, stack};
use crate::support::Cloud;

/// With an index as in the template.
async fn cloud(authorization: Authorization) -> Cloud {
    let mut stack = stack();
    stack.roles = vec![role(of_one_tenant())];
    let create = &mut stack.tables[0].create;
    let attribute = json!({ "AttributeName": "facet", "AttributeType": "S" });
    create["AttributeDefinitions"].as_array_mut().unwrap().push(attribute);
    create["GlobalSecondaryIndexes"] = json!([{
        "IndexName": "Facets", "Projection": { "ProjectionType": "ALL" },
        "KeySchema": [
            { "AttributeName": "facet", "KeyType": "HASH" }, { "AttributeName": "sk", "KeyType": "RANGE" },
        ],
    }]);
    Cloud::start_as(stack, Storage::Memory, authorization).await
}

fn item(pk: &str, facet: &str) -> Value {
    json!({ "pk": { "S": pk }, "sk": { "S": "-" }, "facet": { "S": facet } })
}

fn shown(notes: Vec<Note>) -> Vec<String> {
    let show = |Note { touch, times, example }: Note| {
        assert_eq!((touch.role.as_str(), touch.table.as_str()), ("WorkerFunctionRole", "Items"));
        let tenant = touch.tenant.unwrap_or_default();
        let owner = touch.owner.unwrap_or_default();
        format!("{tenant} {:?} {} {owner} {times} {example}", touch.way, touch.attribute)
    };
    notes.into_iter().map(show).collect()
}

#[tokio::test]
async fn keys_are_noted_with_the_tags_of_the_verified_session() {
    let cloud = cloud(Authorization::Open).await;
    let one = session(&cloud, "ten_1").await;
    for (pk, facet) in [("T#ten_1#a", "T#ten_1#f"), ("T#ten_1#b#c", "T#ten_2#f")] {
        dynamodb(&cloud, &one, "PutItem", &json!({ "TableName": TABLE, "Item": item(pk, facet) })).await;
    }
    let notes = cloud.services.wire().take();
    assert!(
        notes
            .iter()
            .all(|note| note.touch.principal.ends_with(":assumed-role/terrace-WorkerFunctionRole/one"))
    );
    assert!(notes.iter().all(|note| note.touch.action == "PutItem" && note.touch.class.is_none()));
    assert_eq!(
        shown(notes),
        [
            "ten_1 Asked facet T#ten_1# 1 T#ten_1#f",
            "ten_1 Asked facet T#ten_2# 1 T#ten_2#f",
            "ten_1 Asked pk T#ten_1# 2 T#ten_1#a",
        ]
    );
    let query = json!({
        "TableName": TABLE, "IndexName": "Facets", "KeyConditionExpression": "facet = :f",
        "ExpressionAttributeValues": { ":f": { "S": "T#ten_2#f" } },
    });
    let two = session(&cloud, "ten_2").await;
    let (_, found) = dynamodb(&cloud, &two, "Query", &query).await;
    assert!(found.contains("T#ten_1#b#c"), "{found}");
    let expected = [
        "ten_2 Asked facet T#ten_2# 1 T#ten_2#f",
        "ten_2 Answered facet T#ten_2# 1 T#ten_2#f",
        "ten_2 Answered pk T#ten_1# 1 T#ten_1#b#c",
    ];
    assert_eq!(shown(cloud.services.wire().take()), expected);
    assert_eq!(cloud.services.wire().take(), []);
}

#[tokio::test]
async fn calls_that_fail_and_that_are_denied_are_noted() {
    let cloud = cloud(Authorization::Decided).await;
    let one = session(&cloud, "ten_1").await;
    let get = |pk: &str| json!({ "TableName": TABLE, "Key": { "pk": { "S": pk }, "sk": { "S": "-" } } });
    let scan = json!({ "TableName": TABLE });
    for (action, request) in
        [("GetItem", get("T#ten_2#a")), ("DeleteTable", get("T#ten_1#a")), ("Scan", scan.clone())]
    {
        assert_eq!(dynamodb(&cloud, &one, action, &request).await.0, 400, "{action}");
    }
    assert_eq!(
        shown(cloud.services.wire().take()),
        [
            "ten_1 Denied pk T#ten_1# 1 T#ten_1#a",
            "ten_1 Denied pk T#ten_2# 1 T#ten_2#a",
            "ten_1 Denied pk  1 "
        ]
    );
    let condition = json!({
        "TableName": TABLE, "Item": item("T#ten_1#a", "T#ten_1#f"), "ConditionExpression": "attribute_exists(pk)",
    });
    assert_eq!(dynamodb(&cloud, &one, "PutItem", &condition).await.0, 400);
    assert_eq!(
        shown(cloud.services.wire().take()),
        ["ten_1 Asked facet T#ten_1# 1 T#ten_1#f", "ten_1 Asked pk T#ten_1# 1 T#ten_1#a"]
    );
}

/// An error shows the item that stands in the way, if it is asked to.
#[tokio::test]
async fn items_in_errors_are_noted() {
    let cloud = cloud(Authorization::Open).await;
    let one = session(&cloud, "ten_1").await;
    let put = json!({
        "TableName": TABLE, "Item": item("T#ten_2#a", "T#ten_2#f"), "ConditionExpression": "attribute_not_exists(pk)",
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    });
    let transaction = json!({ "TransactItems": [{ "Put": put.clone() }] });
    dynamodb(&cloud, &one, "PutItem", &put).await;
    cloud.services.wire().take();
    for (action, request) in [("PutItem", put), ("TransactWriteItems", transaction)] {
        let (_, answer) = dynamodb(&cloud, &one, action, &request).await;
        let mut notes = cloud.services.wire().take();
        notes.retain(|note| note.touch.way == Way::Answered);
        let expected =
            ["ten_1 Answered facet T#ten_2# 1 T#ten_2#f", "ten_1 Answered pk T#ten_2# 1 T#ten_2#a"];
        assert_eq!(shown(notes), expected, "{action}: {answer}");
    }
}

#[tokio::test]
async fn what_this_process_does_itself_is_not_noted() {
    let cloud = cloud(Authorization::Open).await;
    let put = json!({ "TableName": TABLE, "Item": item("T#ten_1#a", "T#ten_1#f") });
    cloud.services.administer("DynamoDB_20120810.PutItem", &put).await.unwrap();
    cloud.dynamodb("ListTables", json!({})).await;
    cloud.dynamodb("DescribeTable", json!({ "TableName": TABLE })).await;
    assert_eq!(cloud.services.wire().take(), []);
}
