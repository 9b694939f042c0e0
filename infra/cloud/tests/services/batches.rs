use serde_json::{Value, json};

use crate::stack::{queue_url, stack};
use crate::support::Cloud;

#[tokio::test]
async fn a_batch_takes_and_refuses_each_message_by_itself() {
    let cloud = Cloud::start(stack()).await;
    let entry = |id: &str, body: &str| json!({"Id": id, "MessageBody": body, "MessageGroupId": "a"});
    let batch = |entries: Vec<Value>| json!({"QueueUrl": queue_url("Work"), "Entries": entries});
    let sent = batch(vec![entry("one", "hello"), entry("two", "\u{0}"), entry("three", "bye")]);
    let answer = cloud.call("AmazonSQS.SendMessageBatch", sent).await;
    let ids = |part: &str| {
        let entries = answer[part].as_array().unwrap().iter();
        entries.map(|entry| entry["Id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!((ids("Successful"), ids("Failed")), (vec!["one".into(), "three".into()], vec!["two".into()]));
    assert_eq!(answer["Successful"][0]["MD5OfMessageBody"], "5d41402abc4b2a76b9719d911017c592");
    assert_eq!(
        (&answer["Failed"][0]["Code"], &answer["Failed"][0]["SenderFault"]),
        (&json!("InvalidMessageContents"), &json!(true))
    );
    let messages = cloud.services.messages("Work").unwrap();
    let found: Vec<_> =
        messages.iter().map(|message| (message.body.as_str(), message.group.as_deref())).collect();
    assert_eq!(found, [("hello", Some("a")), ("bye", Some("a"))]);
    let long = "x".repeat(600_000);
    for (entries, code) in [
        (vec![], "EmptyBatchRequest"),
        ((0..11).map(|id| entry(&id.to_string(), "x")).collect(), "TooManyEntriesInBatchRequest"),
        (vec![entry("a b", "x")], "InvalidBatchEntryId"),
        (vec![entry("a", "x"), entry("a", "y")], "BatchEntryIdsNotDistinct"),
        (vec![entry("a", &long), entry("b", &long)], "BatchRequestTooLong"),
    ] {
        let (status, answer) = cloud.try_call("AmazonSQS.SendMessageBatch", batch(entries)).await;
        assert_eq!(status, 400);
        assert!(answer["__type"].as_str().unwrap().ends_with(code), "{answer}");
    }
    assert_eq!(cloud.depth("Work"), (2, 0));
}
