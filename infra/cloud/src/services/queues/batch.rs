//! Messages that are sent by the batch, each of which is taken or refused by itself.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::{Value, json};

use super::Queues;
use super::attributes::MessageAttributes;
use super::protocol::{self, MAX_MESSAGE_BYTES, SendMessage};
use crate::services::failure::Failure;

const MOST_ENTRIES: usize = 10;
const LONGEST_ID: usize = 80;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct SendMessageBatch {
    queue_url: String,
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Entry {
    id: String,
    message_body: String,
    #[serde(default)]
    delay_seconds: u64,
    #[serde(default)]
    message_attributes: MessageAttributes,
    message_group_id: Option<String>,
}

pub(super) async fn send(queues: &Queues, request: SendMessageBatch) -> Result<Value, Failure> {
    let queue = protocol::find(queues, &request.queue_url)?;
    let entries: Vec<(String, SendMessage)> =
        request.entries.into_iter().map(|entry| entry.split(&queue.url)).collect();
    check(&entries)?;
    let (mut taken, mut messages, mut failed) = (Vec::new(), Vec::new(), Vec::new());
    for (id, message) in entries {
        match protocol::check(&message) {
            Ok(()) => {
                taken.push((id, protocol::digests(&message)));
                messages.push(message.into_new(queue));
            }
            Err(Failure::Refused { code, message, .. }) => {
                let code = code.rsplit('#').next();
                failed.push(json!({ "Id": id, "SenderFault": true, "Code": code, "Message": message }));
            }
            Err(other) => return Err(other),
        }
    }
    let ids = queues.send(messages).await?;
    let successful = taken.into_iter().zip(ids).map(|((id, mut entry), message)| {
        entry["Id"] = json!(id);
        entry["MessageId"] = json!(message);
        entry
    });
    Ok(json!({ "Successful": successful.collect::<Vec<_>>(), "Failed": failed }))
}

impl Entry {
    fn split(self, queue_url: &str) -> (String, SendMessage) {
        let Self { id, message_body, delay_seconds, message_attributes, message_group_id } = self;
        let queue_url = queue_url.to_owned();
        (id, SendMessage { queue_url, message_body, delay_seconds, message_attributes, message_group_id })
    }
}

/// What is refused as a whole.
fn check(entries: &[(String, SendMessage)]) -> Result<(), Failure> {
    let refused = |code: &'static str, message: String| Err(Failure::refused(code, message));
    if entries.is_empty() {
        return refused(
            "com.amazonaws.sqs#EmptyBatchRequest",
            "There should be at least one SendMessageBatchRequestEntry in the request.".to_owned(),
        );
    }
    if entries.len() > MOST_ENTRIES {
        return refused(
            "com.amazonaws.sqs#TooManyEntriesInBatchRequest",
            format!(
                "Maximum number of entries per request are {MOST_ENTRIES}. You have sent {}.",
                entries.len()
            ),
        );
    }
    let is_id = |id: &str| {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        (1..=LONGEST_ID).contains(&id.len()) && id.bytes().all(allowed)
    };
    if !entries.iter().all(|(id, _)| is_id(id)) {
        return refused(
            "com.amazonaws.sqs#InvalidBatchEntryId",
            format!(
                "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most {LONGEST_ID} letters long."
            ),
        );
    }
    if entries.iter().map(|(id, _)| id).collect::<BTreeSet<_>>().len() < entries.len() {
        return refused(
            "com.amazonaws.sqs#BatchEntryIdsNotDistinct",
            "Two or more batch entries in the request have the same Id.".to_owned(),
        );
    }
    if entries.iter().map(|(_, message)| message.size()).sum::<usize>() > MAX_MESSAGE_BYTES {
        return refused(
            "com.amazonaws.sqs#BatchRequestTooLong",
            format!("Batch requests cannot be longer than {MAX_MESSAGE_BYTES} bytes."),
        );
    }
    Ok(())
}
