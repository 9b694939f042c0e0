//! What a call to KMS, SQS, SES or EventBridge needs to be allowed.
//!
//! AWS: Actions, resources, and condition keys for AWS services, in the Service Authorization Reference,
//! <https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html>

use std::sync::Arc;

use serde_json::Value;

use super::{Want, of_a_call, text};
use crate::model::{ACCOUNT, REGION, Stack};
use crate::services::router::Service;

/// The items of a call, which may be none if its service does not know the action or its resource. Calls to DynamoDB,
/// STS and Lambda are decided elsewhere.
pub(in crate::services) fn wants(stack: &Stack, service: Service, action: &str, body: &[u8]) -> Vec<Want> {
    let request: Value = serde_json::from_slice(body).unwrap_or_default();
    match service {
        Service::Kms => kms(stack, action, &request).into_iter().collect(),
        Service::Sqs => sqs(stack, action, &request).into_iter().collect(),
        Service::Ses => vec![mail(&request)],
        Service::EventBridge => events(stack, action, &request),
        Service::DynamoDb | Service::Sts | Service::Lambda => Vec::new(),
    }
}

fn kms(stack: &Stack, action: &str, request: &Value) -> Option<Want> {
    let action = match action {
        "Sign" => "kms:Sign",
        "GetPublicKey" => "kms:GetPublicKey",
        _ => return None,
    };
    let asked = text(request, "KeyId");
    let key = stack.signing_keys.iter().find(|key| key.key_id == asked || key.arn == asked)?;
    let context = match action {
        "kms:Sign" => of_a_call()
            .with("kms:SigningAlgorithm", text(request, "SigningAlgorithm"))
            .with("kms:MessageType", request["MessageType"].as_str().unwrap_or("RAW")),
        _ => of_a_call(),
    };
    let policy = Some(Arc::clone(&key.policy));
    Some(Want { action, resource: key.arn.clone(), context, policy })
}

fn sqs(stack: &Stack, action: &str, request: &Value) -> Option<Want> {
    let action = match action {
        "SendMessage" | "SendMessageBatch" => "sqs:SendMessage",
        "ReceiveMessage" => "sqs:ReceiveMessage",
        "DeleteMessage" => "sqs:DeleteMessage",
        "GetQueueAttributes" => "sqs:GetQueueAttributes",
        "GetQueueUrl" => return Some(named_queue(stack, text(request, "QueueName"))),
        "ListQueues" => {
            let resource = format!("arn:aws:sqs:{REGION}:{ACCOUNT}:*");
            return Some(Want { action: "sqs:ListQueues", resource, context: of_a_call(), policy: None });
        }
        _ => return None,
    };
    let queue = stack.queues.iter().find(|queue| queue.url == text(request, "QueueUrl"))?;
    Some(Want { action, resource: queue.arn.clone(), context: of_a_call(), policy: queue.policy.clone() })
}

/// A queue that is asked for by its name need not exist.
fn named_queue(stack: &Stack, name: &str) -> Want {
    let policy = stack.queues.iter().find(|queue| queue.name == name).and_then(|queue| queue.policy.clone());
    let resource = format!("arn:aws:sqs:{REGION}:{ACCOUNT}:{name}");
    Want { action: "sqs:GetQueueUrl", resource, context: of_a_call(), policy }
}

fn mail(request: &Value) -> Want {
    let from = text(request, "FromEmailAddress");
    let recipients = request["Destination"]["ToAddresses"].as_array().into_iter().flatten();
    let context = of_a_call()
        .with("ses:FromAddress", from)
        .with_all("ses:Recipients", recipients.filter_map(Value::as_str))
        .with("ses:ApiVersion", "2");
    let resource = format!("arn:aws:ses:{REGION}:{ACCOUNT}:identity/{from}");
    Want { action: "ses:SendEmail", resource, context, policy: None }
}

fn events(stack: &Stack, action: &str, request: &Value) -> Vec<Want> {
    match action {
        "PutEvents" => {}
        "ListEventBuses" => {
            let (context, resource) = (of_a_call(), "*".to_owned());
            return vec![Want { action: "events:ListEventBuses", resource, context, policy: None }];
        }
        _ => return Vec::new(),
    }
    let want = |entry: &Value| {
        let bus = entry["EventBusName"].as_str().unwrap_or("default");
        let known = stack.buses.iter().find(|known| known.name == bus || known.arn == bus);
        let resource = match known {
            Some(known) => known.arn.clone(),
            None => format!("arn:aws:events:{REGION}:{ACCOUNT}:event-bus/{bus}"),
        };
        let context = of_a_call()
            .with("events:source", text(entry, "Source"))
            .with("events:detail-type", text(entry, "DetailType"))
            .with("events:eventBusInvocation", "false");
        Want { action: "events:PutEvents", resource, context, policy: None }
    };
    request["Entries"].as_array().into_iter().flatten().map(want).collect()
}
