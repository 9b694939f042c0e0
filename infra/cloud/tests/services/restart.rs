//! What one run has answered survives into the next run.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;

use cloud::model::Stack;
use cloud::services::{Authorization, Services};
use cloud::storage::Storage;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::stack::{BUS, KEY_ID, TABLE, stack, stack_with_queue_source, stack_with_stream_source};
use crate::support::{Cloud, Worker, eventually};

fn storage(directory: &TempDir) -> Storage {
    Storage::Directory(directory.path().join("data"))
}

fn files(directory: &Path) -> Vec<std::path::PathBuf> {
    fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect()
}

/// Copies the files as a `kill -9` at this moment would leave them.
fn copy(from: &TempDir) -> TempDir {
    let to = tempfile::tempdir().unwrap();
    let data = to.path().join("data");
    fs::create_dir(&data).unwrap();
    for file in files(&from.path().join("data")) {
        fs::copy(&file, data.join(file.file_name().unwrap())).unwrap();
    }
    to
}

async fn public_key(cloud: &Cloud) -> Value {
    cloud.call("TrentService.GetPublicKey", json!({"KeyId": KEY_ID})).await["PublicKey"].clone()
}

#[tokio::test]
async fn everything_answered_survives_a_kill() {
    let directory = tempfile::tempdir().unwrap();
    let cloud = Cloud::start_in(stack_with_queue_source(), storage(&directory)).await;
    let key = public_key(&cloud).await;
    cloud.put("a", "s").await;
    let entry =
        json!({"Source": "terrace", "DetailType": "order.placed", "Detail": "{}", "EventBusName": BUS});
    cloud.call("AWSEvents.PutEvents", json!({"Entries": [entry]})).await;
    let mail = json!({
        "FromEmailAddress": "a@example.com", "Destination": {"ToAddresses": ["b@example.com"]},
        "Content": {"Simple": {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}}},
    });
    assert_eq!(cloud.post("/v2/email/outbound-emails", &[], mail.to_string()).await.0, 200);
    let killed = copy(&directory);

    let next = Cloud::start_in(stack_with_queue_source(), storage(&killed)).await;
    assert_eq!(public_key(&next).await, key);
    let read = json!({"TableName": TABLE, "Key": {"pk": {"S": "a"}, "sk": {"S": "s"}}});
    assert!(next.dynamodb("GetItem", read).await["Item"].is_object());
    assert_eq!(next.services.mailbox().len(), 1);
    let worker = Worker::content();
    let _sources = next.feed(&worker);
    eventually("the message came", || worker.records().len() == 1).await;
}

#[tokio::test]
async fn messages_in_flight_are_visible_again() {
    let directory = tempfile::tempdir().unwrap();
    let cloud = Cloud::start_in(stack(), storage(&directory)).await;
    cloud.send("Work", "held").await;
    let url = crate::stack::queue_url("Work");
    cloud.call("AmazonSQS.ReceiveMessage", json!({"QueueUrl": url})).await;
    assert_eq!(cloud.depth("Work"), (0, 1));
    let killed = copy(&directory);
    let next = Cloud::start_in(stack(), storage(&killed)).await;
    assert_eq!(next.depth("Work"), (1, 0));
}

#[tokio::test]
async fn a_stream_goes_on_where_it_stopped() {
    let directory = tempfile::tempdir().unwrap();
    let cloud = Cloud::start_in(stack_with_stream_source(), storage(&directory)).await;
    let worker = Worker::content();
    let sources = cloud.feed(&worker);
    cloud.put("a", "e#1").await;
    eventually("the first record came", || worker.records().len() == 1).await;
    sources.stop().await;
    cloud.put("b", "e#1").await;
    let killed = copy(&directory);

    let next = Cloud::start_in(stack_with_stream_source(), storage(&killed)).await;
    let worker = Worker::content();
    let _sources = next.feed(&worker);
    eventually("the second record came", || !worker.records().is_empty()).await;
    let keys: Vec<Value> =
        worker.records().iter().map(|record| record["dynamodb"]["Keys"]["pk"]["S"].clone()).collect();
    assert!(keys.last().is_some_and(|last| last == "b"), "{keys:?}");
}

#[tokio::test]
async fn only_the_owner_can_read_the_files() {
    let directory = tempfile::tempdir().unwrap();
    let cloud = Cloud::start_in(stack(), storage(&directory)).await;
    cloud.put("a", "s").await;
    let data = directory.path().join("data");
    assert_eq!(fs::metadata(&data).unwrap().permissions().mode() & 0o777, 0o700);
    for file in files(&data) {
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600, "{}", file.display());
    }
}

#[tokio::test]
async fn a_directory_serves_one_cloud_at_a_time() {
    let directory = tempfile::tempdir().unwrap();
    let first = Cloud::start_in(stack(), storage(&directory)).await;
    let refusal =
        Services::open(Arc::new(stack()), &storage(&directory), Authorization::Open).await.err().unwrap();
    assert!(refusal.to_string().contains("in use by another cloud"), "{refusal}");
    drop(refusal);
    first.stop().await;
}

#[tokio::test]
async fn a_table_that_differs_from_the_template_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    Cloud::start_in(stack(), storage(&directory)).await;
    let killed = copy(&directory);

    let mut other_key = stack();
    other_key.tables[0].create["KeySchema"] = json!([{"AttributeName": "pk", "KeyType": "HASH"}]);
    other_key.tables[0].create["AttributeDefinitions"] =
        json!([{"AttributeName": "pk", "AttributeType": "S"}]);
    let mut other_stream = stack();
    other_stream.tables[0].create["StreamSpecification"]["StreamViewType"] = json!("KEYS_ONLY");
    for (stack, part) in [(other_key, "key schema"), (other_stream, "stream")] {
        let refusal = Services::open(Arc::new(stack), &storage(&killed), Authorization::Open)
            .await
            .err()
            .unwrap()
            .to_string();
        assert!(refusal.starts_with("Items: ") && refusal.contains(part), "{refusal}");
    }
}

#[tokio::test]
async fn data_of_another_version_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let mark = directory.path().join("data/data-version");
    let open = async |data_version: u32| {
        let stack = Arc::new(Stack { data_version, ..stack() });
        Services::open(stack, &storage(&directory), Authorization::Open).await.map(drop)
    };
    open(2).await.unwrap();
    open(2).await.unwrap();
    assert_eq!(fs::read_to_string(&mark).unwrap(), "2");
    let refused = open(3).await.unwrap_err().to_string();
    assert!(refused.contains("holds data of version 2, and the template reads version 3"), "{refused}");
    assert!(refused.contains("move the directory away"), "{refused}");
    // Data of the time before there were marks.
    fs::remove_file(&mark).unwrap();
    assert!(open(2).await.unwrap_err().to_string().contains("holds data of version 1"));
    open(1).await.unwrap();
}
