//! Queues that a function sends to: its dead-letter queue, its own queue to go on later, and those of consumers that have
//! deferred what is due.

use aws_sdk_sqs::types::{MessageAttributeValue, SendMessageBatchRequestEntry};
use aws_types::SdkConfig;

use crate::StartError;
use crate::aws::explain;
use crate::aws::with_endpoint;
use crate::config::required;

/// SQS's limit of a message with its attributes.
const LARGEST_MESSAGE: usize = 1024 * 1024;
/// The names and types of attributes count, too.
const REASON_OVERHEAD: usize = "reasonString".len();
/// SQS's limit of a batch.
pub(crate) const MOST_ENTRIES: usize = 10;

pub(crate) struct Queue {
    sqs: aws_sdk_sqs::Client,
    url: String,
}

impl Queue {
    /// `variable` is the environment variable with the queue's URL.
    pub(crate) fn open(shared: &SdkConfig, variable: &'static str) -> Result<Self, StartError> {
        Ok(Self::new(shared, required(variable)?))
    }

    pub(crate) fn new(shared: &SdkConfig, url: String) -> Self {
        Self { sqs: aws_sdk_sqs::Client::new(&with_endpoint(shared, "AWS_ENDPOINT_URL_SQS")), url }
    }

    pub(crate) fn dead_letters(shared: &SdkConfig) -> Result<Self, StartError> {
        Self::open(shared, "DEAD_LETTER_QUEUE_URL")
    }

    /// The queue is fair by the message's group.
    pub(crate) async fn send(&self, body: String, group: &str) -> Result<(), String> {
        let request = self.sqs.send_message().queue_url(&self.url).message_body(body);
        request.message_group_id(group).send().await.map_err(explain)?;
        Ok(())
    }

    /// Sends up to [`MOST_ENTRIES`] bodies, each with its group. Where it fails, some may have been sent.
    pub(crate) async fn send_batch(&self, messages: Vec<(String, String)>) -> Result<(), String> {
        let entries = messages.into_iter().enumerate().map(|(index, (body, group))| {
            let entry = SendMessageBatchRequestEntry::builder().id(index.to_string());
            entry.message_body(body).message_group_id(group).build().map_err(|error| error.to_string())
        });
        let entries = entries.collect::<Result<_, _>>()?;
        let request = self.sqs.send_message_batch().queue_url(&self.url).set_entries(Some(entries));
        let answer = request.send().await.map_err(explain)?;
        match answer.failed.first() {
            None => Ok(()),
            Some(refused) => {
                Err(format!("{}: {}", refused.code, refused.message.as_deref().unwrap_or_default()))
            }
        }
    }

    /// Sends a message whole, with the reason as an attribute if there is room for it.
    pub(crate) async fn send_dead_letter(
        &self,
        body: String,
        reason: &str,
        group: Option<String>,
    ) -> Result<(), String> {
        let (body, reason) = (acceptable(body), acceptable(reason.to_owned()));
        let has_room = body.len() + reason.len() + REASON_OVERHEAD <= LARGEST_MESSAGE;
        let mut request = self.sqs.send_message().queue_url(&self.url).message_body(body);
        request = request.set_message_group_id(group);
        if has_room && !reason.is_empty() {
            let attribute = MessageAttributeValue::builder()
                .data_type("String")
                .string_value(reason)
                .build()
                .map_err(|error| error.to_string())?;
            request = request.message_attributes("reason", attribute);
        }
        request.send().await.map_err(explain)?;
        Ok(())
    }
}

/// SQS refuses the characters U+FFFE and U+FFFF. In JSON, an escape says the same.
fn acceptable(text: String) -> String {
    match text.contains(['\u{fffe}', '\u{ffff}']) {
        true => text.replace('\u{fffe}', "\\ufffe").replace('\u{ffff}', "\\uffff"),
        false => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_sqs_refuses_is_escaped_and_means_the_same() {
        let body = "{\"name\":\"a\u{ffff}b\u{fffe}\"}".to_owned();
        let sent = acceptable(body.clone());
        assert!(!sent.contains(['\u{fffe}', '\u{ffff}']));
        let [sent, body] = [sent, body].map(|json| serde_json::from_str::<serde_json::Value>(&json).unwrap());
        assert_eq!(sent, body);
    }
}
