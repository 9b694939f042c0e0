//! Queues that are fair by the groups of their messages.

use cloud::invoke::InvokeError;
use cloud::model::{MessageGroup, Stack};
use serde_json::{Value, json};

use crate::events::entry;
use crate::stack::{queue_url, stack, stack_with_queue_source};
use crate::support::{Cloud, Worker, eventually};

async fn send(cloud: &Cloud, body: &str, group: &str) {
    let message = json!({"QueueUrl": queue_url("Work"), "MessageBody": body, "MessageGroupId": group});
    cloud.call("AmazonSQS.SendMessage", message).await;
}

async fn flood(cloud: &Cloud, messages: usize) {
    for _ in 0..messages {
        send(cloud, "flood", "loud").await;
    }
}

async fn receive(cloud: &Cloud, queue: &str) -> Vec<Value> {
    let request = json!({"QueueUrl": queue_url(queue), "MaxNumberOfMessages": 10});
    let answer = cloud.call("AmazonSQS.ReceiveMessage", request).await;
    answer["Messages"].as_array().unwrap().clone()
}

fn bodies(messages: &[Value]) -> Vec<&str> {
    messages.iter().map(|message| message["Body"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn one_message_does_not_wait_behind_the_flood_of_another_group() {
    let cloud = Cloud::start(stack_with_queue_source()).await;
    flood(&cloud, 300).await;
    send(&cloud, "single", "quiet").await;
    let worker = Worker::content();
    let _sources = cloud.feed(&worker);
    eventually("all messages were handled", || cloud.depth("Work") == (0, 0)).await;
    let batches = worker.batches();
    let is_single = |record: &Value| record["body"] == "single";
    let batch = batches.iter().position(|batch| batch.iter().any(is_single)).unwrap();
    assert!(batch < 6, "it came in batch {batch} of {}", batches.len());
    let record = batches[batch].iter().find(|record| is_single(record)).unwrap();
    assert_eq!(record["attributes"]["MessageGroupId"], "quiet");
}

/// In AWS as here, messages in flight are the first measure of what a group takes.
#[tokio::test]
async fn quiet_groups_come_first_while_a_loud_one_is_in_flight() {
    let cloud = Cloud::start(stack()).await;
    flood(&cloud, 45).await;
    for group in ["a", "b"] {
        send(&cloud, group, group).await;
    }
    cloud.send("Work", "alone").await;
    for _ in 0..3 {
        assert_eq!(bodies(&receive(&cloud, "Work").await), ["flood"; 10]);
    }
    let next = receive(&cloud, "Work").await;
    assert_eq!(bodies(&next)[..4], ["a", "b", "alone", "flood"]);
    assert_eq!(next.len(), 10, "the loud group takes what is left");
    assert_eq!(receive(&cloud, "Work").await.len(), 8);
}

#[tokio::test]
async fn a_message_keeps_its_group_until_it_is_a_dead_letter() {
    let cloud = Cloud::start(stack_with_queue_source()).await;
    let worker = Worker::new(|_| Err(InvokeError::Function("always".into())));
    cloud.services.override_visibility_timeout(std::time::Duration::from_millis(1));
    let _sources = cloud.feed(&worker);
    send(&cloud, "poison", "tenant-1").await;
    eventually("the message is a dead letter", || cloud.depth("Dead") == (1, 0)).await;
    assert_eq!(cloud.services.messages("Dead").unwrap()[0].group.as_deref(), Some("tenant-1"));
    let letter = receive(&cloud, "Dead").await.remove(0);
    assert_eq!(letter["Attributes"]["MessageGroupId"], "tenant-1");
}

#[tokio::test]
async fn what_sqs_refuses_as_a_group_is_refused() {
    let cloud = Cloud::start(stack()).await;
    for group in [String::new(), "a b".into(), "ä".into(), "x".repeat(129)] {
        let message = json!({"QueueUrl": queue_url("Work"), "MessageBody": "x", "MessageGroupId": group});
        let (status, answer) = cloud.try_call("AmazonSQS.SendMessage", message).await;
        assert_eq!(status, 400, "{group}");
        assert!(answer["__type"].as_str().unwrap().ends_with("InvalidParameterValue"), "{answer}");
    }
    send(&cloud, "x", &"x".repeat(128)).await;
}

#[tokio::test]
async fn a_rule_takes_the_group_from_the_event() {
    let grouped = |group: MessageGroup| {
        let mut stack = stack();
        stack.rules[0].targets[0].group = Some(group);
        stack
    };
    let groups = async |stack: Stack| {
        let cloud = Cloud::start(stack).await;
        let details = [r#"{"tenant":"ten_1"}"#, "{}", r#"{"tenant":7}"#, r#"{"tenant":"two words"}"#];
        let entries: Vec<Value> = details.iter().map(|detail| entry("order.placed", detail)).collect();
        cloud.call("AWSEvents.PutEvents", json!({ "Entries": entries })).await;
        let messages = cloud.services.messages("Work").unwrap();
        messages.into_iter().map(|message| message.group).collect::<Vec<_>>()
    };
    let field = MessageGroup::Field(vec!["detail".into(), "tenant".into()]);
    assert_eq!(groups(grouped(field)).await, [Some("ten_1".into()), None, None, None]);
    assert_eq!(groups(grouped(MessageGroup::Same("all".into()))).await, vec![Some("all".to_owned()); 4]);
    assert_eq!(groups(stack()).await, [None, None, None, None]);
}
