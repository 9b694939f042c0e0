use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use cloud::invoke::{Invoke, InvokeError};
use cloud::model::QueueSource;
use futures::future::BoxFuture;
use serde_json::{Value, json};

use crate::held::Held;
use crate::stack::{queue_arn, queue_url, stack, stack_with_queue_source};
use crate::support::{Cloud, Worker, eventually};

fn bodies(records: &[Value]) -> Vec<&str> {
    records.iter().map(|record| record["body"].as_str().unwrap()).collect()
}

/// Reports the messages with this body as failed.
fn failing(body: &'static str) -> impl Fn(&[Value]) -> Result<Value, InvokeError> + Send + Sync {
    move |records| {
        let failed = records.iter().filter(|record| record["body"] == body);
        let failures: Vec<Value> =
            failed.map(|record| json!({"itemIdentifier": record["messageId"]})).collect();
        Ok(json!({"batchItemFailures": failures}))
    }
}

#[tokio::test]
async fn a_sent_message_carries_digests_and_attributes() {
    let cloud = Cloud::start(stack_with_queue_source()).await;
    let worker = Worker::content();
    let _sources = cloud.feed(&worker);
    let message = json!({
        "QueueUrl": queue_url("Work"), "MessageBody": "hello",
        "MessageAttributes": {"reason": {"DataType": "String", "StringValue": "too large"}},
    });
    let answer = cloud.call("AmazonSQS.SendMessage", message).await;
    assert_eq!(answer["MD5OfMessageBody"], "5d41402abc4b2a76b9719d911017c592");
    assert!(answer["MD5OfMessageAttributes"].is_string());

    eventually("the function was called", || !worker.records().is_empty()).await;
    let record = &worker.records()[0];
    assert_eq!(record["messageId"], answer["MessageId"]);
    assert_eq!(record["md5OfBody"], answer["MD5OfMessageBody"]);
    assert_eq!(record["messageAttributes"]["reason"]["stringValue"], "too large");
    assert_eq!(record["attributes"]["ApproximateReceiveCount"], "1");
    assert_eq!(record["eventSource"], "aws:sqs");
    eventually("the message was deleted", || cloud.depth("Work") == (0, 0)).await;
}

#[tokio::test]
async fn failed_messages_alone_come_again_and_go_to_the_dead_letter_queue() {
    let cloud = Cloud::start(stack_with_queue_source()).await;
    cloud.services.override_visibility_timeout(Duration::from_millis(500));
    for body in ["good", "bad", "fine"] {
        cloud.send("Work", body).await;
    }
    let worker = Worker::new(failing("bad"));
    let _sources = cloud.feed(&worker);
    eventually("the message was dead-lettered", || cloud.depth("Dead") == (1, 0)).await;
    assert_eq!(cloud.depth("Work"), (0, 0));
    let batches = worker.batches();
    assert_eq!(bodies(&batches[0]), ["good", "bad", "fine"]);
    assert_eq!(bodies(&batches[1]), ["bad"]);
    assert_eq!(batches[1][0]["attributes"]["ApproximateReceiveCount"], "2");
    assert_eq!(batches.len(), 2);
}

#[tokio::test]
async fn the_receives_before_the_dead_letter_queue_can_be_overridden() {
    for receives in [1, 3] {
        let cloud = Cloud::start(stack_with_queue_source()).await;
        cloud.services.override_visibility_timeout(Duration::from_millis(20));
        cloud.services.override_max_receives(receives);
        cloud.send("Work", "bad").await;
        let worker = Worker::new(failing("bad"));
        let _sources = cloud.feed(&worker);
        eventually("the message was dead-lettered", || cloud.depth("Dead") == (1, 0)).await;
        assert_eq!(worker.records().len(), receives as usize);
    }
}

#[tokio::test]
async fn a_batch_fails_whole_when_the_function_fails_or_answers_nonsense() {
    for answer in [
        Err(InvokeError::Function("panicked".into())),
        Err(InvokeError::Throttled),
        Ok(json!({"batchItemFailures": [{"itemIdentifier": "unknown"}]})),
    ] {
        let cloud = Cloud::start(stack_with_queue_source()).await;
        cloud.services.override_visibility_timeout(Duration::from_millis(20));
        cloud.send("Work", "one").await;
        cloud.send("Work", "two").await;
        let worker = Worker::new(move |_| answer.clone());
        let _sources = cloud.feed(&worker);
        eventually("both messages were dead-lettered", || cloud.depth("Dead") == (2, 0)).await;
        assert_eq!(worker.records().len(), 4);
    }
}

#[tokio::test]
async fn a_message_is_handed_over_at_once_and_in_full_batches() {
    let cloud = Cloud::start(stack_with_queue_source()).await;
    for number in 0..25 {
        cloud.send("Work", &number.to_string()).await;
    }
    let worker = Worker::content();
    let _sources = cloud.feed(&worker);
    eventually("all messages were handled", || cloud.depth("Work") == (0, 0)).await;
    let mut sizes: Vec<usize> = worker.batches().iter().map(Vec::len).collect();
    sizes.sort_unstable();
    assert_eq!(sizes, [5, 10, 10]);
}

#[tokio::test]
async fn a_source_has_no_more_invocations_at_a_time_than_its_maximum_concurrency() {
    const MESSAGES: usize = 20;
    let mut stack = stack_with_queue_source();
    stack.queue_sources[0].batch_size = 1;
    stack.queue_sources[0].maximum_concurrency = Some(2);
    let other = QueueSource { queue_arn: queue_arn("Dead"), ..stack.queue_sources[0].clone() };
    stack.queue_sources.push(QueueSource { logical_id: "OtherQueue".into(), ..other });
    let cloud = Cloud::start(stack).await;
    for number in 0..MESSAGES {
        cloud.send("Work", &number.to_string()).await;
    }
    let (function, other) = (Held::new(), Held::new());
    let _sources = cloud.feed(&Arc::new(ByQueue { work: Arc::clone(&function), other: Arc::clone(&other) }));
    for done in 0..MESSAGES {
        let possible = (MESSAGES - done).min(2);
        let are_busy = || function.ended() == done && function.running() >= possible;
        eventually("as many invocations run as may", are_busy).await;
        if done == 0 {
            // Another queue's second invocation begins when its messages have gathered beside the first. By then, a third
            // one of this queue would have begun.
            for body in ["first", "second"] {
                cloud.send("Dead", body).await;
            }
            eventually("the other queue's messages have gathered", || other.running() == 2).await;
            (0..2).for_each(|_| other.end_one());
        }
        function.end_one();
    }
    eventually("all messages were handled", || cloud.depth("Work") == (0, 0)).await;
    assert_eq!(function.most_at_once(), 2);
}

/// A function that is held apart for the messages of another queue.
struct ByQueue {
    work: Arc<Held>,
    other: Arc<Held>,
}

impl Invoke for ByQueue {
    fn invoke<'a>(&'a self, function: &'a str, event: Bytes) -> BoxFuture<'a, Result<Bytes, InvokeError>> {
        let read: Value = serde_json::from_slice(&event).unwrap();
        let is_of_work = read["Records"][0]["eventSourceARN"] == queue_arn("Work");
        if is_of_work { &self.work } else { &self.other }.invoke(function, event)
    }
}

/// A machine that is too slow to send them in the time of gathering gets another chance.
#[tokio::test]
async fn messages_that_come_one_by_one_beside_an_invocation_are_a_batch() {
    for _ in 0..20 {
        if largest_batch_beside_an_invocation().await == 3 {
            return;
        }
    }
    panic!("the messages were handed over one by one");
}

async fn largest_batch_beside_an_invocation() -> usize {
    let cloud = Cloud::start(stack_with_queue_source()).await;
    let function = Held::new();
    let _sources = cloud.feed(&function);
    cloud.send("Work", "runs").await;
    eventually("the first message is handled", || function.running() == 1).await;
    for body in ["a", "b", "c"] {
        cloud.send("Work", body).await;
    }
    eventually("all messages have come", || cloud.depth("Work") == (0, 4)).await;
    (0..4).for_each(|_| function.end_one());
    eventually("all were handled", || cloud.depth("Work") == (0, 0)).await;
    function.largest_batch()
}

#[tokio::test]
async fn messages_that_the_filter_refuses_are_deleted_unseen() {
    let mut stack = stack_with_queue_source();
    stack.queue_sources[0].filters = vec![json!({"body": {"kind": ["wanted"]}})];
    let cloud = Cloud::start(stack).await;
    cloud.send("Work", r#"{"kind":"unwanted"}"#).await;
    cloud.send("Work", r#"{"kind":"wanted"}"#).await;
    let worker = Worker::content();
    let _sources = cloud.feed(&worker);
    eventually("the queue is empty", || cloud.depth("Work") == (0, 0)).await;
    assert_eq!(bodies(&worker.records()), [r#"{"kind":"wanted"}"#]);
}

#[tokio::test]
async fn a_message_can_be_received_and_deleted_by_hand() {
    let cloud = Cloud::start(stack()).await;
    cloud.send("Dead", "letter").await;
    let answer = cloud.call("AmazonSQS.ReceiveMessage", json!({"QueueUrl": queue_url("Dead")})).await;
    let receipt = &answer["Messages"][0]["ReceiptHandle"];
    let attributes = cloud.call("AmazonSQS.GetQueueAttributes", json!({"QueueUrl": queue_url("Dead")})).await;
    assert_eq!(attributes["Attributes"]["ApproximateNumberOfMessagesNotVisible"], "1");
    cloud
        .call("AmazonSQS.DeleteMessage", json!({"QueueUrl": queue_url("Dead"), "ReceiptHandle": receipt}))
        .await;
    assert_eq!(cloud.depth("Dead"), (0, 0));
}

#[tokio::test]
async fn all_messages_of_a_queue_are_shown_and_stay_as_they_are() {
    let cloud = Cloud::start(stack()).await;
    let letter = json!({
        "QueueUrl": queue_url("Dead"), "MessageBody": "letter",
        "MessageAttributes": {
            "reason": {"DataType": "String", "StringValue": "too large"},
            "picture": {"DataType": "Binary", "BinaryValue": "AAEC"},
        },
    });
    cloud.call("AmazonSQS.SendMessage", letter).await;
    cloud.call("AmazonSQS.ReceiveMessage", json!({"QueueUrl": queue_url("Dead")})).await;
    cloud.send("Dead", "another").await;
    cloud.send("Work", "elsewhere").await;

    for name in ["Dead", "terrace-Dead"] {
        let messages = cloud.services.messages(name).unwrap();
        let shown: Vec<_> = messages.iter().map(|message| message.body.as_str()).collect();
        assert_eq!(shown, ["letter", "another"], "{name}");
        assert_eq!(messages[0].attributes["reason"], "too large");
        assert_eq!(messages[0].attributes["picture"], "AAEC");
        assert!(messages[1].attributes.is_empty());
    }
    assert_eq!(cloud.depth("Dead"), (1, 1));
}

#[tokio::test]
async fn a_purge_deletes_the_messages_of_one_queue_even_in_flight() {
    let cloud = Cloud::start(stack()).await;
    for (queue, body) in [("Dead", "in flight"), ("Dead", "visible"), ("Work", "elsewhere")] {
        cloud.send(queue, body).await;
    }
    cloud.call("AmazonSQS.ReceiveMessage", json!({"QueueUrl": queue_url("Dead")})).await;
    cloud.services.purge("Dead").unwrap();
    assert_eq!(cloud.depth("Dead"), (0, 0));
    assert_eq!(cloud.depth("Work"), (1, 0));
}

#[tokio::test]
async fn a_queue_that_is_not_in_the_template_is_named() {
    let cloud = Cloud::start(stack()).await;
    let refusals = [cloud.services.messages("Other").map(drop), cloud.services.purge("Other")];
    for refusal in refusals {
        assert_eq!(refusal.unwrap_err().to_string(), "the template has no queue Other");
    }
}

#[tokio::test]
async fn what_sqs_would_refuse_is_refused() {
    let cloud = Cloud::start(stack()).await;
    let send = |url: String, body: String| json!({"QueueUrl": url, "MessageBody": body});
    for (request, code) in [
        (send("https://other".into(), "x".into()), "QueueDoesNotExist"),
        (send(queue_url("Work"), String::new()), "MissingParameter"),
        (send(queue_url("Work"), "x".repeat(1_048_577)), "InvalidParameterValue"),
        (send(queue_url("Work"), "\u{0}".into()), "InvalidMessageContents"),
    ] {
        let (status, answer) = cloud.try_call("AmazonSQS.SendMessage", request).await;
        assert_eq!(status, 400);
        assert!(answer["__type"].as_str().unwrap().ends_with(code), "{answer}");
    }
    cloud.send("Work", &"x".repeat(1_048_576)).await;
}
