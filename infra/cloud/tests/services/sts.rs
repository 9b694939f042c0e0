use cloud::services::Credential;
use serde_json::json;

use crate::stack::{ROLE, TABLE, stack};
use crate::support::Cloud;

const FORM: [(&str, &str); 1] = [("content-type", "application/x-www-form-urlencoded")];

fn element<'a>(xml: &'a str, name: &str) -> &'a str {
    let (_, rest) = xml.split_once(&format!("<{name}>")).unwrap();
    rest.split_once(&format!("</{name}>")).unwrap().0
}

fn assume(role: &str, rest: &str) -> String {
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("Action", "AssumeRole")
        .append_pair("RoleArn", role)
        .append_pair("RoleSessionName", "ten_1")
        .finish();
    format!("{query}{rest}")
}

#[tokio::test]
async fn a_session_is_bound_to_its_role_and_works() {
    let cloud = Cloud::start(stack()).await;
    let tags = "&Tags.member.1.Key=TenantId&Tags.member.1.Value=ten_1&DurationSeconds=900";
    let (status, body) = cloud.post("/", &FORM, assume(ROLE, tags)).await;
    assert_eq!(status, 200, "{body}");
    assert!(element(&body, "Expiration").ends_with('Z'));
    let session = Credential {
        access_key_id: element(&body, "AccessKeyId").into(),
        secret_access_key: element(&body, "SecretAccessKey").into(),
        session_token: Some(element(&body, "SessionToken").into()),
    };
    let headers = [("x-amz-target", "DynamoDB_20120810.DescribeTable")];
    let describe = json!({"TableName": TABLE}).to_string();
    assert_eq!(cloud.post_as(&session, "/", &headers, describe).await.0, 200);

    let (_, body) = cloud.post_as(&session, "/", &FORM, "Action=GetCallerIdentity".into()).await;
    assert_eq!(
        element(&body, "Arn"),
        "arn:aws:sts::123456789012:assumed-role/terrace-WorkerFunctionRole/ten_1"
    );
}

#[tokio::test]
async fn what_sts_would_refuse_is_refused() {
    let cloud = Cloud::start(stack()).await;
    let cases = [
        (assume("arn:aws:iam::123456789012:role/other", ""), 403, "AccessDenied"),
        (assume(ROLE, "&DurationSeconds=60"), 400, "ValidationError"),
        (assume(ROLE, "&DurationSeconds=7200"), 400, "ValidationError"),
        (assume(ROLE, "&Tags.member.1.Key=TenantId&Tags.member.1.Value=ten_*"), 400, "ValidationError"),
        (assume(ROLE, "&Policy=%7B%7D"), 400, "ValidationError"),
        (assume(ROLE, "&TransitiveTagKeys.member.1=TenantId"), 400, "ValidationError"),
        ("Action=AssumeRole".to_owned(), 400, "ValidationError"),
        ("Action=GetFederationToken".to_owned(), 400, "InvalidAction"),
    ];
    for (form, status, code) in cases {
        let (found, body) = cloud.post("/", &FORM, form).await;
        assert_eq!((found, element(&body, "Code")), (status, code), "{body}");
    }
    let unknown = Credential {
        access_key_id: "ASIAUNKNOWN".into(),
        secret_access_key: String::new(),
        session_token: Some("x".into()),
    };
    let (status, body) = cloud.post_as(&unknown, "/", &FORM, assume(ROLE, "")).await;
    assert_eq!((status, element(&body, "Code")), (403, "InvalidClientTokenId"));
}
