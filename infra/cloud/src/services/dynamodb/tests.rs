use std::pin::pin;

use futures::FutureExt;
use tempfile::TempDir;

use super::*;

const TABLE: &str = "terrace-Items";

fn tables() -> Vec<Table> {
    vec![Table {
        logical_id: "Items".into(),
        name: TABLE.into(),
        arn: String::new(),
        stream_arn: Some("stream".into()),
        create: json!({
            "TableName": TABLE,
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
            "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_IMAGE"},
        }),
        ttl_attribute: Some("expiresAt".into()),
        policy: None,
    }]
}

fn open(directory: &TempDir) -> DynamoDb {
    DynamoDb::open(&tables(), &Storage::Directory(directory.path().to_owned())).unwrap()
}

async fn put(dynamodb: &DynamoDb, item: Value) {
    dynamodb.administer("PutItem", json!({"TableName": TABLE, "Item": item})).await.unwrap();
}

async fn sequences(dynamodb: &DynamoDb) -> Vec<i64> {
    let records = dynamodb.streams().read(TABLE, "stream", 0).await.unwrap();
    records.iter().map(|record| record.sequence).collect()
}

#[tokio::test]
async fn a_pruned_stream_keeps_its_newest_record_and_goes_on_counting() {
    let directory = tempfile::tempdir().unwrap();
    let dynamodb = open(&directory);
    for pk in ["a", "b", "c"] {
        put(&dynamodb, json!({"pk": {"S": pk}})).await;
    }
    let before = sequences(&dynamodb).await;
    dynamodb.streams().prune(TABLE, before[0], i64::MAX).await;
    assert_eq!(sequences(&dynamodb).await, before[1..]);
    dynamodb.streams().prune(TABLE, i64::MAX, 0).await;
    assert_eq!(sequences(&dynamodb).await, before[1..], "none is so old");
    dynamodb.streams().prune(TABLE, i64::MAX, i64::MAX).await;
    assert_eq!(sequences(&dynamodb).await, before[2..]);

    put(&dynamodb, json!({"pk": {"S": "d"}})).await;
    assert!(sequences(&dynamodb).await[1] > before[2]);
}

#[tokio::test]
async fn a_prune_waits_for_its_turn() {
    let directory = tempfile::tempdir().unwrap();
    let dynamodb = open(&directory);
    let turn = dynamodb.turn.acquire().await.unwrap();
    let mut prune = pin!(dynamodb.streams().prune(TABLE, i64::MAX, i64::MAX));
    assert!(prune.as_mut().now_or_never().is_none());
    drop(turn);
    assert!(dynamodb.turn.try_acquire().is_err(), "the prune is next");
    prune.await;
    assert!(dynamodb.turn.try_acquire().is_ok());
}

#[tokio::test]
async fn a_panic_of_the_engine_fails_its_call_alone() {
    let directory = tempfile::tempdir().unwrap();
    let dynamodb = open(&directory);
    for action in [Action::PutItem, Action::Scan] {
        assert!(dynamodb.carry_out(action, Box::new(|_| panic!("on purpose"))).await.is_err());
    }
    put(&dynamodb, json!({"pk": {"S": "a"}})).await;
}

#[tokio::test]
async fn the_highest_sequence_number_is_found_by_the_index() {
    let directory = tempfile::tempdir().unwrap();
    drop(open(&directory));
    let side = rusqlite::Connection::open(directory.path().join("tables.sqlite")).unwrap();
    let plan: String = side
        .query_row(
            "EXPLAIN QUERY PLAN SELECT COALESCE(MAX(CAST(sequence_number AS INTEGER)), 0) + 1
             FROM _stream_records WHERE table_name = 't'",
            [],
            |row| row.get(3),
        )
        .unwrap();
    assert!(plan.contains("stream_records_by_sequence"), "{plan}");
}

#[tokio::test]
async fn a_write_is_announced_when_its_caller_has_gone_away() {
    let directory = tempfile::tempdir().unwrap();
    let dynamodb = open(&directory);
    let mut written = dynamodb.written();
    let mut other = rusqlite::Connection::open(directory.path().join("tables.sqlite")).unwrap();
    let held = other.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).unwrap();
    let item = json!({"PutRequest": {"Item": {"pk": {"S": "a"}}}});
    let write = dynamodb.administer("BatchWriteItem", json!({"RequestItems": {TABLE: [item]}}));
    assert!(write.now_or_never().is_none(), "the caller goes away before the answer");
    drop(held);
    tokio::time::timeout(std::time::Duration::from_secs(10), written.changed()).await.unwrap().unwrap();
    assert_eq!(sequences(&dynamodb).await.len(), 1);
}

/// With this log, `synchronous=NORMAL` is safe from a kill. That setting belongs to the engine's connection, and this
/// one cannot read it.
#[tokio::test]
async fn the_engine_keeps_a_write_ahead_log() {
    let directory = tempfile::tempdir().unwrap();
    drop(open(&directory));
    let side = rusqlite::Connection::open(directory.path().join("tables.sqlite")).unwrap();
    let mode: String = side.pragma_query_value(None, "journal_mode", |row| row.get(0)).unwrap();
    assert_eq!(mode, "wal");
}

#[tokio::test]
async fn a_sweep_deletes_what_has_expired_and_the_stream_shows_it() {
    let directory = tempfile::tempdir().unwrap();
    let dynamodb = open(&directory);
    put(&dynamodb, json!({"pk": {"S": "fresh"}, "expiresAt": {"N": "9000000000"}})).await;
    let mut written = dynamodb.written();
    let recent = crate::services::clock::now_ms() / 1000 - 60;
    put(&dynamodb, json!({"pk": {"S": "gone"}, "expiresAt": {"N": recent.to_string()}})).await;
    written.mark_unchanged();
    dynamodb.sweep().await;
    assert!(written.has_changed().unwrap());
    let records = dynamodb.streams().read(TABLE, "stream", 0).await.unwrap();
    let records = records.iter().map(|record| serde_json::from_str::<Value>(&record.json).unwrap());
    let removed: Vec<_> = records.filter(|record| record["eventName"] == "REMOVE").collect();
    assert_eq!(removed.len(), 1);
    assert_eq!(removed[0]["dynamodb"]["Keys"]["pk"]["S"], "gone");
    assert_eq!(removed[0]["userIdentity"]["type"], "Service");
}
