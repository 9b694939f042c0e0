//! Dead-letter queues, for messages that no retry can help.

use aws_sdk_sqs::types::MessageAttributeValue;

use crate::StartError;
use crate::aws::with_endpoint;
use crate::config::required;
use crate::table::chain;

/// The function's dead-letter queue. It keeps messages whole, each with the reason as an attribute.
pub(crate) struct DeadLetterQueue {
    sqs: aws_sdk_sqs::Client,
    url: String,
}

impl DeadLetterQueue {
    pub(crate) fn open(shared: &aws_types::SdkConfig) -> Result<Self, StartError> {
        Ok(Self {
            sqs: aws_sdk_sqs::Client::new(&with_endpoint(shared, "AWS_ENDPOINT_URL_SQS")),
            url: required("DEAD_LETTER_QUEUE_URL")?,
        })
    }

    pub(crate) async fn send(&self, body: String, reason: &str) -> Result<(), String> {
        let attribute = MessageAttributeValue::builder()
            .data_type("String")
            .string_value(reason)
            .build()
            .map_err(|error| error.to_string())?;
        self.sqs
            .send_message()
            .queue_url(&self.url)
            .message_body(body)
            .message_attributes("reason", attribute)
            .send()
            .await
            .map_err(|error| chain(&error))?;
        Ok(())
    }
}
