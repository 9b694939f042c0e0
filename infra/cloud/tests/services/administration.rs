//! What the process does with its own data.

use cloud::services::{Effect, Fault, Times};
use serde_json::json;

use crate::events::entry;
use crate::stack::{KEY_ID, TABLE, queue_url, stack};
use crate::support::Cloud;

#[tokio::test]
async fn every_service_is_administered_without_faults_and_without_a_count() {
    let cloud = Cloud::start(stack()).await;
    for action in ["PutItem", "Scan", "PutEvents", "SendMessage", "Sign"] {
        let effect = Effect::Fail;
        let fault = Fault { action: action.into(), key_prefix: String::new(), effect, times: Times::Always };
        cloud.services.faults().add(fault);
    }
    let mark = cloud.services.capacity().mark();
    let administer = async |target: &str, request| cloud.services.administer(target, &request).await.unwrap();

    let item = json!({"pk": {"S": "a"}, "sk": {"S": "s"}});
    administer("DynamoDB_20120810.PutItem", json!({"TableName": TABLE, "Item": item})).await;
    let found = administer("DynamoDB_20120810.Scan", json!({"TableName": TABLE})).await;
    assert_eq!(found["Items"], json!([item]));
    let put = json!({"Entries": [entry("order.placed", "{}")]});
    assert_eq!(administer("AWSEvents.PutEvents", put).await["FailedEntryCount"], 0);
    let send = json!({"QueueUrl": queue_url("Work"), "MessageBody": "m"});
    administer("AmazonSQS.SendMessage", send).await;
    assert_eq!(cloud.depth("Work"), (2, 0));
    let sign = json!({"KeyId": KEY_ID, "Message": "YQ==", "SigningAlgorithm": "ECDSA_SHA_256"});
    assert!(administer("TrentService.Sign", sign).await["Signature"].is_string());

    assert!(cloud.services.capacity().since(mark).is_empty());
    assert_eq!(cloud.services.faults().active().len(), 5);
}

#[tokio::test]
async fn a_refusal_says_what_was_refused_and_why() {
    let cloud = Cloud::start(stack()).await;
    let missing = json!({"TableName": "none"});
    for (target, part) in [
        ("DynamoDB_20120810.Scan", "ResourceNotFoundException"),
        ("DynamoDB_20120810.DropEverything", "UnknownOperationException"),
        ("AmazonSQS.SendMessage", "SerializationException"),
        ("Elsewhere.Scan", "UnknownOperationException"),
    ] {
        let refusal = cloud.services.administer(target, &missing).await.unwrap_err().to_string();
        assert!(refusal.starts_with(target) && refusal.contains(part), "{refusal}");
    }
}
