//! Requests with another's signature or none, in the protocol of each service.

use http::HeaderValue;
use http::header::AUTHORIZATION;
use serde_json::{Value, json};

use crate::signer::Request;
use crate::stack::{TABLE, stack};
use crate::support::{Cloud, signed};

const MISMATCH: &str = "The request signature we calculated does not match the signature you provided.";
const FORM: [(&str, &str); 1] = [("content-type", "application/x-www-form-urlencoded")];
const MAIL: &str = "/v2/email/outbound-emails";

fn put(cloud: &Cloud) -> Request {
    let headers = [("x-amz-target", "DynamoDB_20120810.PutItem")];
    let item = json!({"TableName": TABLE, "Item": {"pk": {"S": "a"}, "sk": {"S": "s"}}});
    signed(&cloud.credential, &cloud.url, "/", &headers, item.to_string())
}

fn replace_in_authorization(request: &mut Request, part: &str, by: &str) {
    let authorization = request.headers()[AUTHORIZATION].to_str().unwrap();
    assert!(authorization.contains(part), "{part} in {authorization}");
    let changed = HeaderValue::try_from(authorization.replace(part, by)).unwrap();
    request.headers_mut().insert(AUTHORIZATION, changed);
}

#[tokio::test]
async fn a_request_that_was_changed_after_it_was_signed_has_no_effect() {
    let cloud = Cloud::start(stack()).await;
    type Change = fn(&mut Request);
    let changes: [(&str, Change); 6] = [
        ("the body", |request| *request.body_mut() = request.body().replace("\"a\"", "\"b\"")),
        ("a header", |request| {
            let other = HeaderValue::from_static("DynamoDB_20120810.DeleteItem");
            request.headers_mut().insert("x-amz-target", other);
        }),
        ("a new header", |request| {
            request.headers_mut().insert("x-amz-meta", HeaderValue::from_static("new"));
        }),
        ("the region", |request| replace_in_authorization(request, "/eu-west-1/", "/us-east-1/")),
        ("the service", |request| replace_in_authorization(request, "/dynamodb/", "/sqs/")),
        ("the signature", |request| replace_in_authorization(request, "Signature=", "Signature=0")),
    ];
    for (part, change) in changes {
        let mut request = put(&cloud);
        change(&mut request);
        let (status, body) = cloud.send_request(request).await;
        let answer: Value = serde_json::from_str(&body).unwrap();
        assert_eq!((status, &answer["__type"]), (400, &json!("InvalidSignatureException")), "{part}: {body}");
    }
    let scan = cloud.dynamodb("Scan", json!({"TableName": TABLE})).await;
    assert_eq!(scan["Count"], 0);
    assert_eq!(cloud.send_request(put(&cloud)).await.0, 200);
}

#[tokio::test]
async fn each_service_refuses_in_its_own_protocol() {
    let cloud = Cloud::start(stack()).await;
    let json_targets =
        ["DynamoDB_20120810.Scan", "TrentService.Sign", "AWSEvents.PutEvents", "AmazonSQS.SendMessage"];
    for target in json_targets {
        let mut request =
            signed(&cloud.credential, &cloud.url, "/", &[("x-amz-target", target)], "{}".to_owned());
        *request.body_mut() = "{ }".to_owned();
        let (status, body) = cloud.send_request(request).await;
        assert_eq!(status, 400, "{target}: {body}");
        assert!(body.contains("InvalidSignatureException") && body.contains(MISMATCH), "{target}: {body}");
    }

    let mut form = signed(&cloud.credential, &cloud.url, "/", &FORM, "Action=GetCallerIdentity".to_owned());
    *form.body_mut() = "Action=AssumeRole".to_owned();
    let (status, body) = cloud.send_request(form).await;
    assert_eq!(status, 403);
    assert!(body.contains("<Code>SignatureDoesNotMatch</Code>") && body.contains(MISMATCH), "{body}");

    let mut mail = signed(&cloud.credential, &cloud.url, MAIL, &[], "{}".to_owned());
    *mail.body_mut() = "{ }".to_owned();
    let (status, body) = cloud.send_request(mail).await;
    assert!(status == 403 && body.contains(MISMATCH), "{status} {body}");
}

#[tokio::test]
async fn a_request_without_a_signature_or_with_half_of_one_is_refused() {
    let cloud = Cloud::start(stack()).await;
    let mut unsigned = put(&cloud);
    unsigned.headers_mut().remove(AUTHORIZATION);
    let (status, body) = cloud.send_request(unsigned).await;
    assert!(status == 400 && body.contains("MissingAuthenticationTokenException"), "{status} {body}");

    let mut half = put(&cloud);
    replace_in_authorization(&mut half, "Signature=", "Sign=");
    let (status, body) = cloud.send_request(half).await;
    assert!(status == 400 && body.contains("IncompleteSignatureException"), "{status} {body}");
}

#[tokio::test]
async fn nothing_too_large_is_read_to_verify_it() {
    let cloud = Cloud::start(stack()).await;
    let headers = [("x-amz-target", "DynamoDB_20120810.PutItem")];
    let body = " ".repeat(16 * 1024 * 1024 + 1);
    let (status, _) = cloud.send_request(signed(&cloud.credential, &cloud.url, "/", &headers, body)).await;
    assert_eq!(status, 413);
}
