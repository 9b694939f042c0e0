use serde_json::json;

use crate::stack::stack;
use crate::support::Cloud;

const PATH: &str = "/v2/email/outbound-emails";

#[tokio::test]
async fn a_sent_mail_is_in_the_mailbox() {
    let cloud = Cloud::start(stack()).await;
    let mail = json!({
        "FromEmailAddress": "terrace@example.com",
        "Destination": {"ToAddresses": ["ada@example.com"]},
        "Content": {"Simple": {"Subject": {"Data": "Welcome"}, "Body": {"Text": {"Data": "Hello, Ada", "Charset": "UTF-8"}}}},
    });
    let (status, body) = cloud.post(PATH, &[], mail.to_string()).await;
    assert_eq!(status, 200, "{body}");
    let mailbox = cloud.services.mailbox();
    assert!(body.contains(&mailbox[0].id));
    assert_eq!(mailbox[0].from, "terrace@example.com");
    assert_eq!(mailbox[0].to, ["ada@example.com"]);
    assert_eq!((mailbox[0].subject.as_str(), mailbox[0].text.as_str()), ("Welcome", "Hello, Ada"));
}

#[tokio::test]
async fn a_mail_that_would_lose_a_part_is_refused() {
    let cloud = Cloud::start(stack()).await;
    let raw = json!({
        "FromEmailAddress": "terrace@example.com",
        "Destination": {"ToAddresses": ["ada@example.com"]},
        "Content": {"Raw": {"Data": ""}},
    });
    let (status, _) = cloud.post(PATH, &[], raw.to_string()).await;
    assert_eq!(status, 400);
    assert!(cloud.services.mailbox().is_empty());
}
