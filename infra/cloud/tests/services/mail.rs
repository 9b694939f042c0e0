use serde_json::{Value, json};

use crate::stack::stack;
use crate::support::Cloud;

const PATH: &str = "/v2/email/outbound-emails";

#[tokio::test]
async fn a_sent_mail_is_in_the_mailbox() {
    let cloud = Cloud::start(stack()).await;
    let mail = json!({
        "FromEmailAddress": "terrace@example.com",
        "Destination": {"ToAddresses": ["ada@example.com"]},
        "Content": {"Simple": {"Subject": {"Data": "Welcome"}, "Body": {
            "Text": {"Data": "Grüße, Ada", "Charset": "UTF-8"},
            "Html": {"Data": "<p>Grüße, Ada</p>", "Charset": "UTF-8"},
        }}},
    });
    let (status, body) = cloud.post(PATH, &[], mail.to_string()).await;
    assert_eq!(status, 200, "{body}");
    let mailbox = cloud.services.mailbox();
    assert!(body.contains(&mailbox[0].id));
    assert_eq!(mailbox[0].from, "terrace@example.com");
    assert_eq!(mailbox[0].to, ["ada@example.com"]);
    assert_eq!((mailbox[0].subject.as_str(), mailbox[0].text.as_str()), ("Welcome", "Grüße, Ada"));
    assert_eq!(mailbox[0].html.as_deref(), Some("<p>Grüße, Ada</p>"));
}

#[tokio::test]
async fn a_mail_that_ses_refuses_or_that_would_lose_a_part_is_refused() {
    let cloud = Cloud::start(stack()).await;
    let mail = |to: Value, subject: Value, text: Value| {
        json!({
            "FromEmailAddress": "terrace@example.com",
            "Destination": {"ToAddresses": to},
            "Content": {"Simple": {"Subject": subject, "Body": {"Text": text}}},
        })
    };
    let (ada, plain) = (json!(["ada@example.com"]), json!({"Data": "Hello"}));
    let mut raw = mail(ada.clone(), plain.clone(), plain.clone());
    raw["Content"] = json!({"Raw": {"Data": ""}});
    for refused in [
        raw,
        mail(json!([]), plain.clone(), plain.clone()),
        mail(json!(vec!["ada@example.com"; 51]), plain.clone(), plain.clone()),
        mail(json!(["äda@example.com"]), plain.clone(), plain.clone()),
        mail(ada.clone(), json!({"Data": "Welcome\r\nBcc: eve@example.com"}), plain.clone()),
        mail(ada.clone(), plain.clone(), json!({"Data": "Grüße"})),
        mail(ada.clone(), plain.clone(), json!({"Data": "Hello", "Charset": "UTF-7"})),
        mail(ada.clone(), plain.clone(), json!({"Data": "Hello", "Language": "en"})),
        mail(ada.clone(), plain.clone(), Value::Null),
    ] {
        let (status, _) = cloud.post(PATH, &[], refused.to_string()).await;
        assert_eq!(status, 400, "{refused}");
    }
    assert!(cloud.services.mailbox().is_empty());
}
