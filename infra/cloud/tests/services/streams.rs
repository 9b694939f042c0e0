use std::sync::atomic::{AtomicUsize, Ordering};

use cloud::invoke::InvokeError;
use serde_json::{Value, json};

use crate::stack::{TABLE, stack_with_stream_source, table};
use crate::support::{Cloud, Worker, eventually};

fn key(record: &Value) -> &str {
    record["dynamodb"]["Keys"]["pk"]["S"].as_str().unwrap()
}

fn keys(batches: &[Vec<Value>]) -> Vec<Vec<&str>> {
    batches.iter().map(|batch| batch.iter().map(key).collect()).collect()
}

fn failure(record: &Value) -> Value {
    json!({"batchItemFailures": [{"itemIdentifier": record["dynamodb"]["SequenceNumber"]}]})
}

/// Writes before the source starts, so that all records come in one batch.
async fn cloud_with_writes(pks: &[&str]) -> Cloud {
    let cloud = Cloud::start(stack_with_stream_source()).await;
    for pk in pks {
        cloud.put(pk, "e#0000000001").await;
    }
    cloud
}

#[tokio::test]
async fn records_look_like_those_of_a_stream_and_pass_the_filter() {
    let cloud = cloud_with_writes(&["a"]).await;
    cloud.put("a", "profile").await;
    let worker = Worker::content();
    let _sources = cloud.feed(&worker);
    eventually("the first record came", || worker.records().len() == 1).await;
    cloud.put("b", "e#0000000001").await;
    eventually("the second record came", || worker.records().len() == 2).await;

    let record = &worker.records()[0];
    assert_eq!(record["eventName"], "INSERT");
    assert_eq!(record["eventSource"], "aws:dynamodb");
    assert_eq!(record["awsRegion"], "eu-west-1");
    assert_eq!(record["eventSourceARN"], table().stream_arn.unwrap());
    let stream = &record["dynamodb"];
    assert_eq!(stream["StreamViewType"], "NEW_IMAGE");
    assert_eq!(stream["NewImage"], json!({"pk": {"S": "a"}, "sk": {"S": "e#0000000001"}}));
    for field in ["ApproximateCreationDateTime", "SizeBytes"] {
        assert!(stream[field].is_number(), "{record}");
    }
    assert_eq!(stream["SequenceNumber"].as_str().unwrap().len(), 21);
}

#[tokio::test]
async fn a_partial_failure_is_retried_from_the_failed_record() {
    let cloud = cloud_with_writes(&["a", "b", "c"]).await;
    let calls = AtomicUsize::new(0);
    let worker = Worker::new(move |records| match calls.fetch_add(1, Ordering::SeqCst) {
        0 => Ok(failure(&records[1])),
        _ => Ok(json!({})),
    });
    let _sources = cloud.feed(&worker);
    eventually("the rest was retried", || worker.batches().len() == 2).await;
    assert_eq!(keys(&worker.batches()), [vec!["a", "b", "c"], vec!["b", "c"]]);
}

#[tokio::test]
async fn a_failing_batch_is_bisected_down_to_the_record_that_fails() {
    let mut stack = stack_with_stream_source();
    stack.stream_sources[0].max_retries = Some(0);
    let cloud = Cloud::start(stack).await;
    for pk in ["a", "b", "poison", "d"] {
        cloud.put(pk, "e#0000000001").await;
    }
    let worker = Worker::new(|records| match records.iter().any(|record| key(record) == "poison") {
        true => Err(InvokeError::Function("poisoned".into())),
        false => Ok(Value::Null),
    });
    let _sources = cloud.feed(&worker);
    eventually("all were tried", || worker.batches().len() == 5).await;
    let expected =
        [vec!["a", "b", "poison", "d"], vec!["a", "b"], vec!["poison", "d"], vec!["poison"], vec!["d"]];
    assert_eq!(keys(&worker.batches()), expected);
}

#[tokio::test]
async fn a_batch_that_the_function_never_saw_is_retried_whole() {
    let cloud = cloud_with_writes(&["a", "b"]).await;
    let calls = AtomicUsize::new(0);
    let worker = Worker::new(move |_| match calls.fetch_add(1, Ordering::SeqCst) {
        0 => Err(InvokeError::Throttled),
        _ => Ok(Value::Null),
    });
    let _sources = cloud.feed(&worker);
    eventually("it was retried", || worker.batches().len() == 2).await;
    assert_eq!(keys(&worker.batches()), [vec!["a", "b"], vec!["a", "b"]]);
}

#[tokio::test]
async fn being_throttled_is_no_attempt() {
    let mut stack = stack_with_stream_source();
    stack.stream_sources[0].max_retries = Some(1);
    let cloud = Cloud::start(stack).await;
    cloud.put("a", "e#0000000001").await;
    let calls = AtomicUsize::new(0);
    let worker = Worker::new(move |_| match calls.fetch_add(1, Ordering::SeqCst) {
        0 | 1 => Err(InvokeError::Throttled),
        2 => Err(InvokeError::Function("failed once".into())),
        _ => Ok(Value::Null),
    });
    let _sources = cloud.feed(&worker);
    eventually("the one retry was made", || worker.batches().len() == 4).await;
}

#[tokio::test]
async fn a_large_backlog_comes_in_order_and_full_batches() {
    let cloud = Cloud::start(stack_with_stream_source()).await;
    for start in (0..600).step_by(25) {
        let puts: Vec<Value> = (start..start + 25)
            .map(|n| json!({"PutRequest": {"Item": {"pk": {"S": format!("{n:04}")}, "sk": {"S": "e#1"}}}}))
            .collect();
        cloud.dynamodb("BatchWriteItem", json!({"RequestItems": {TABLE: puts}})).await;
    }
    let worker = Worker::content();
    let _sources = cloud.feed(&worker);
    eventually("all came", || worker.records().len() == 600).await;
    let sequences: Vec<String> =
        worker.records().iter().map(|record| record["dynamodb"]["SequenceNumber"].to_string()).collect();
    assert!(sequences.is_sorted());
    assert!(worker.batches().iter().all(|batch| batch.len() == 100));
}
