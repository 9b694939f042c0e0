//! What this process may do with its own data: without credentials, faults and a count of what is consumed.

use serde_json::Value;

use super::Services;
use super::failure::Failure;
use super::faults::Aftermath;
use super::queues::protocol as sqs;

/// How a service has refused it, in the service's own words.
#[derive(Debug, thiserror::Error)]
#[error("{target}: {reason}")]
pub struct AdministrationError {
    pub target: String,
    pub reason: String,
}

impl Services {
    /// Does what a request with this `X-Amz-Target` would do, such as `DynamoDB_20120810.Scan`. For tests and tools
    /// that prepare data or look at it; no request from outside gets here.
    pub async fn administer(&self, target: &str, request: &Value) -> Result<Value, AdministrationError> {
        let body = request.to_string();
        let answer = match target.split_once('.') {
            Some(("DynamoDB_20120810", action)) => self.dynamodb.administer(action, request.clone()).await,
            Some(("AmazonSQS", action)) => sqs::call(&self.queues, action, body.as_bytes()).await,
            Some(("AWSEvents", "PutEvents")) => self.bus.put(body.as_bytes(), &Aftermath::none()).await,
            Some(("TrentService", action)) => self.keys.call(action, body.as_bytes()),
            _ => Err(Failure::refused("UnknownOperationException", "not served here")),
        };
        answer.map_err(|failure| AdministrationError {
            target: target.to_owned(),
            reason: match failure {
                Failure::Refused { code, message, .. } => format!("{code}: {message}"),
                Failure::Written { body, .. } => body,
            },
        })
    }
}
