//! SQS's JSON protocol: sending, receiving and deleting messages, queues and their attributes.

use std::time::Duration;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::attributes::{self, MessageAttributes};
use super::{Claimed, NewMessage, Queues, batch};
use crate::model::{ACCOUNT, Queue};
use crate::services::failure::Failure;

pub(crate) const MAX_MESSAGE_BYTES: usize = 1_048_576;
const MAX_DELAY_SECONDS: u64 = 900;
const LONGEST_GROUP: usize = 128;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct SendMessage {
    pub(super) queue_url: String,
    pub(super) message_body: String,
    #[serde(default)]
    pub(super) delay_seconds: u64,
    #[serde(default)]
    pub(super) message_attributes: MessageAttributes,
    pub(super) message_group_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ReceiveMessage {
    queue_url: String,
    max_number_of_messages: Option<usize>,
    visibility_timeout: Option<u64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct DeleteMessage {
    queue_url: String,
    receipt_handle: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct GetQueueAttributes {
    queue_url: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct GetQueueUrl {
    queue_name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct ListQueues {
    #[serde(default)]
    queue_name_prefix: String,
}

pub(crate) async fn call(queues: &Queues, action: &str, body: &[u8]) -> Result<Value, Failure> {
    match action {
        "SendMessage" => send(queues, read(body)?).await,
        "SendMessageBatch" => batch::send(queues, read(body)?).await,
        "ReceiveMessage" => receive(queues, read(body)?).await,
        "DeleteMessage" => delete(queues, read(body)?).await,
        "GetQueueUrl" => url_of(queues, &read(body)?),
        "ListQueues" => list(queues, &read(body)?),
        "GetQueueAttributes" => attributes_of(queues, read(body)?).await,
        _ => Err(Failure::refused("UnknownOperationException", format!("sqs:{action} is not served here"))),
    }
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Failure> {
    serde_json::from_slice(body).map_err(|error| Failure::unreadable(&error))
}

pub(super) fn find<'a>(queues: &'a Queues, url: &str) -> Result<&'a Queue, Failure> {
    queues.by_url(url).ok_or_else(no_such_queue)
}

fn no_such_queue() -> Failure {
    Failure::refused("com.amazonaws.sqs#QueueDoesNotExist", "The specified queue does not exist.")
}

fn url_of(queues: &Queues, GetQueueUrl { queue_name }: &GetQueueUrl) -> Result<Value, Failure> {
    let queue = queues.declared().iter().find(|queue| queue.name == *queue_name);
    Ok(json!({ "QueueUrl": queue.ok_or_else(no_such_queue)?.url }))
}

fn list(queues: &Queues, ListQueues { queue_name_prefix }: &ListQueues) -> Result<Value, Failure> {
    let named = queues.declared().iter().filter(|queue| queue.name.starts_with(queue_name_prefix));
    Ok(json!({ "QueueUrls": named.map(|queue| &queue.url).collect::<Vec<_>>() }))
}

async fn send(queues: &Queues, request: SendMessage) -> Result<Value, Failure> {
    let queue = find(queues, &request.queue_url)?;
    check(&request)?;
    let mut answer = digests(&request);
    let ids = queues.send(vec![request.into_new(queue)]).await?;
    answer["MessageId"] = json!(ids.first());
    Ok(answer)
}

/// What clients verify of a message that was taken.
pub(super) fn digests(request: &SendMessage) -> Value {
    let mut answer = json!({"MD5OfMessageBody": digest(&request.message_body)});
    if let Some(digest) = attributes::digest(&request.message_attributes) {
        answer["MD5OfMessageAttributes"] = json!(digest);
    }
    answer
}

impl SendMessage {
    pub(super) fn size(&self) -> usize {
        self.message_body.len() + attributes::size(&self.message_attributes)
    }

    pub(super) fn into_new(self, queue: &Queue) -> NewMessage {
        NewMessage {
            queue_arn: queue.arn.clone(),
            body: self.message_body,
            attributes: self.message_attributes,
            delay: Duration::from_secs(self.delay_seconds),
            group: self.message_group_id,
        }
    }
}

pub(super) fn check(request: &SendMessage) -> Result<(), Failure> {
    let invalid = |message: String| Failure::refused("com.amazonaws.sqs#InvalidParameterValue", message);
    if request.message_body.is_empty() {
        return Err(Failure::refused(
            "com.amazonaws.sqs#MissingParameter",
            "The request must contain the parameter MessageBody.",
        ));
    }
    if request.size() > MAX_MESSAGE_BYTES {
        let message = format!(
            "One or more parameters are invalid. Reason: Message must be shorter than {MAX_MESSAGE_BYTES} bytes."
        );
        return Err(invalid(message));
    }
    let allowed = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..);
    if !request.message_body.chars().all(allowed) {
        return Err(Failure::refused(
            "com.amazonaws.sqs#InvalidMessageContents",
            "Invalid characters found.",
        ));
    }
    if request.delay_seconds > MAX_DELAY_SECONDS {
        return Err(invalid(format!("DelaySeconds must be at most {MAX_DELAY_SECONDS}.")));
    }
    if request.message_group_id.as_deref().is_some_and(|group| !is_group(group)) {
        return Err(invalid(format!(
            "MessageGroupId can only include alphanumeric and punctuation characters. 1 to {LONGEST_GROUP} in length."
        )));
    }
    match attributes::first_invalid(&request.message_attributes) {
        Some(name) => Err(invalid(format!("The message attribute '{name}' has no value of its type."))),
        None => Ok(()),
    }
}

pub(crate) fn is_group(group: &str) -> bool {
    (1..=LONGEST_GROUP).contains(&group.len()) && group.bytes().all(|byte| byte.is_ascii_graphic())
}

async fn receive(queues: &Queues, request: ReceiveMessage) -> Result<Value, Failure> {
    let queue = find(queues, &request.queue_url)?;
    let max = request.max_number_of_messages.unwrap_or(1);
    if !(1..=10).contains(&max) {
        return Err(Failure::refused(
            "com.amazonaws.sqs#InvalidParameterValue",
            "MaxNumberOfMessages must be 1 to 10.",
        ));
    }
    let visibility = request.visibility_timeout.map(Duration::from_secs);
    let messages = queues.receive(queue, max, visibility).await?;
    Ok(json!({"Messages": messages.iter().map(received).collect::<Vec<_>>()}))
}

fn received(message: &Claimed) -> Value {
    json!({
        "MessageId": message.id,
        "ReceiptHandle": message.receipt,
        "Body": message.body,
        "MD5OfBody": digest(&message.body),
        "Attributes": system_attributes(message),
        "MessageAttributes": message.attributes,
    })
}

pub(crate) fn system_attributes(message: &Claimed) -> Value {
    let mut attributes = json!({
        "ApproximateReceiveCount": message.receives.to_string(),
        "SentTimestamp": message.sent_at.to_string(),
        "SenderId": ACCOUNT,
        "ApproximateFirstReceiveTimestamp": message.first_received_at.to_string(),
    });
    if let Some(group) = &message.group {
        attributes["MessageGroupId"] = json!(group);
    }
    attributes
}

async fn delete(queues: &Queues, request: DeleteMessage) -> Result<Value, Failure> {
    let queue = find(queues, &request.queue_url)?;
    queues.delete(&queue.arn, vec![request.receipt_handle]).await?;
    Ok(json!({}))
}

async fn attributes_of(queues: &Queues, request: GetQueueAttributes) -> Result<Value, Failure> {
    let queue = find(queues, &request.queue_url)?;
    let depth = queues.depth(queue).await?;
    Ok(json!({"Attributes": {
        "QueueArn": queue.arn,
        "VisibilityTimeout": queue.visibility_timeout.as_secs().to_string(),
        "MessageRetentionPeriod": queue.retention.as_secs().to_string(),
        "ApproximateNumberOfMessages": depth.visible.to_string(),
        "ApproximateNumberOfMessagesNotVisible": depth.in_flight.to_string(),
    }}))
}

pub(crate) fn digest(body: &str) -> String {
    format!("{:x}", md5::compute(body))
}
