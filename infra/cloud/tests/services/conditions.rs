//! Condition keys that every call has.

use cloud::services::Authorization;
use cloud::storage::Storage;
use serde_json::json;

use crate::stack::{KEY_ID, queue_url, role, stack};
use crate::support::Cloud;

#[tokio::test]
async fn calls_are_secure_and_sessions_have_an_age() {
    let of_a_call = json!({
        "Bool": { "aws:SecureTransport": "true", "aws:PrincipalIsAWSService": "false" },
        "DateGreaterThan": { "aws:TokenIssueTime": "2026-01-01T00:00:00Z" },
    });
    let allow = json!({ "Effect": "Allow", "Action": "*", "Resource": "*", "Condition": of_a_call });
    let mut stack = stack();
    stack.roles = vec![role(json!([allow]))];
    let cloud = Cloud::start_as(stack, Storage::Memory, Authorization::Decided).await;
    cloud.dynamodb("ListTables", json!({})).await;
    cloud.put("a", "-").await;
    cloud.call("TrentService.GetPublicKey", json!({ "KeyId": KEY_ID })).await;
    cloud
        .call("AmazonSQS.SendMessage", json!({ "QueueUrl": queue_url("Work"), "MessageBody": "hello" }))
        .await;
}
