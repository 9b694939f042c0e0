use super::*;
use crate::storage::Storage;

fn queue(name: &str) -> Queue {
    Queue {
        logical_id: name.into(),
        name: format!("terrace-{name}"),
        arn: format!("arn:aws:sqs:eu-west-1:123456789012:terrace-{name}"),
        url: String::new(),
        visibility_timeout: Duration::from_secs(60),
        retention: Duration::from_secs(3600),
        redrive: None,
        policy: None,
    }
}

#[tokio::test]
async fn whoever_may_not_receive_any_more_leaves_the_message_untouched() {
    let queue = queue("Work");
    let database = Database::open(&Storage::Memory).unwrap();
    let queues = Queues::open(database, std::slice::from_ref(&queue)).unwrap();
    let message = NewMessage {
        queue_arn: queue.arn.clone(),
        body: "hello".into(),
        attributes: MessageAttributes::new(),
        delay: Duration::ZERO,
        group: None,
    };
    queues.send(vec![message]).await.unwrap();
    assert!(queues.receive_if(&queue, 10, || false).await.unwrap().0.is_empty());
    let (received, _) = queues.receive_if(&queue, 10, || true).await.unwrap();
    assert_eq!(received[0].receives, 1);
}
