//! Callers from outside: users with policies of their own, and sessions of a role of developers.

use std::sync::Arc;

use cloud::model::{Profile, ProfileIdentity, Role};
use cloud::services::{Authorization, Credential};
use cloud::storage::Storage;
use iam::{PrincipalPolicies, ResourceKind, ResourcePolicy, Tags};
use serde_json::{Value, json};

use crate::access::dynamodb;
use crate::stack::{DATA_ROLE, TABLE, data_role, policy, queue_url, stack};
use crate::support::Cloud;

const USER: &str = "arn:aws:iam::123456789012:user/local/operator";
const DEVELOPER: &str = "arn:aws:iam::123456789012:role/dev/DeveloperRole";
const SESSION: &str = "arn:aws:sts::123456789012:assumed-role/DeveloperRole/developer";
const FORM: [(&str, &str); 1] = [("content-type", "application/x-www-form-urlencoded")];

fn trusting(principal: &str) -> Arc<ResourcePolicy> {
    let actions = json!(["sts:AssumeRole", "sts:TagSession"]);
    let statement = json!({ "Effect": "Allow", "Principal": { "AWS": principal }, "Action": actions });
    let document = json!({ "Version": "2012-10-17", "Statement": statement });
    Arc::new(ResourcePolicy::parse("trust", ResourceKind::Role, &document).unwrap())
}

/// `operator` has these statements and `developer` those; the role of data trusts one principal.
pub(crate) async fn cloud(operator: Value, developer: Value, trusted: &str) -> Cloud {
    let policies = |name, statements| PrincipalPolicies {
        identity: vec![policy(name, statements)],
        ..PrincipalPolicies::none()
    };
    let mut stack = stack();
    let of_data = json!([{ "Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": "*" }]);
    stack.roles.push(Role { trust: trusting(trusted), ..data_role(of_data) });
    stack.roles.push(Role {
        logical_id: "DeveloperRole".into(),
        arn: DEVELOPER.into(),
        trust: trusting("arn:aws:iam::123456789012:root"),
        policies: policies("developer", developer),
        tags: Tags::none(),
    });
    let user = ProfileIdentity::User { arn: USER.into(), policies: policies("operator", operator) };
    let session = ProfileIdentity::Session { role_arn: DEVELOPER.into() };
    let other = format!("{USER}-read");
    let other = ProfileIdentity::User { arn: other, policies: policies("read", allow(&["kms:*"])) };
    stack.profiles = vec![
        Profile { name: "operator-read".into(), identity: other },
        Profile { name: "operator".into(), identity: user },
        Profile { name: "developer".into(), identity: session },
    ];
    Cloud::start_as(stack, Storage::Memory, Authorization::Decided).await
}

pub(crate) fn allow(actions: &[&str]) -> Value {
    json!([{ "Effect": "Allow", "Action": actions, "Resource": "*" }])
}

pub(crate) fn keys(cloud: &Cloud, profile: &str) -> Credential {
    cloud.services.credentials().profiles()[profile].clone()
}

async fn sts(cloud: &Cloud, profile: &str, form: &str) -> (u16, String) {
    cloud.post_as(&keys(cloud, profile), "/", &FORM, form.to_owned()).await
}

#[tokio::test]
async fn each_profile_is_told_who_it_is() {
    let cloud = cloud(allow(&["sqs:*"]), allow(&["sqs:*"]), DEVELOPER).await;
    let (operator, developer) = (keys(&cloud, "operator"), keys(&cloud, "developer"));
    assert!(operator.access_key_id.starts_with("AKIA") && operator.session_token.is_none());
    assert!(developer.access_key_id.starts_with("ASIA") && developer.session_token.is_some());
    for (profile, arn, user_id) in
        [("operator", USER, "<UserId>AIDA"), ("developer", SESSION, ":developer</UserId>")]
    {
        let (status, body) = sts(&cloud, profile, "Action=GetCallerIdentity&Version=2011-06-15").await;
        assert_eq!(status, 200, "{body}");
        assert!(body.contains(&format!("<Arn>{arn}</Arn>")) && body.contains(user_id), "{body}");
    }
}

#[tokio::test]
async fn a_profile_may_do_what_its_own_policies_allow() {
    let cloud = cloud(allow(&["dynamodb:Scan"]), allow(&["sqs:GetQueueAttributes"]), DEVELOPER).await;
    let scan = json!({ "TableName": TABLE });
    let (operator, developer) = (keys(&cloud, "operator"), keys(&cloud, "developer"));
    assert_eq!(dynamodb(&cloud, &operator, "Scan", &scan).await.0, 200);
    let (status, body) = dynamodb(&cloud, &developer, "Scan", &scan).await;
    assert!(status == 400 && body.contains(&format!("User: {SESSION} is not authorized")), "{body}");
    let read = json!({ "QueueUrl": queue_url("Work") }).to_string();
    let target = [("x-amz-target", "AmazonSQS.GetQueueAttributes")];
    assert_eq!(cloud.post_as(&developer, "/", &target, read.clone()).await.0, 200);
    let (status, body) = cloud.post_as(&operator, "/", &target, read).await;
    assert!(status == 403 && body.contains(&format!("User: {USER} is not authorized")), "{body}");
    let denied = cloud.services.denied();
    let named: Vec<(&str, &str)> = denied.iter().map(|one| (&*one.caller, &*one.principal)).collect();
    assert_eq!(named, [("profile developer", SESSION), ("profile operator", USER)]);
}

#[tokio::test]
async fn a_user_s_key_has_no_token_and_a_session_s_key_needs_its_own() {
    let cloud = cloud(allow(&["dynamodb:Scan"]), allow(&["dynamodb:Scan"]), DEVELOPER).await;
    let (operator, developer) = (keys(&cloud, "operator"), keys(&cloud, "developer"));
    let with_token = Credential { session_token: developer.session_token.clone(), ..operator };
    let without_token = Credential { session_token: None, ..developer };
    for foreign in [with_token, without_token] {
        let (status, body) = dynamodb(&cloud, &foreign, "Scan", &json!({ "TableName": TABLE })).await;
        assert!(status == 400 && body.contains("UnrecognizedClientException"), "{body}");
    }
}

#[tokio::test]
async fn a_profile_assumes_the_roles_that_trust_it_alone() {
    let form = format!("Action=AssumeRole&Version=2011-06-15&RoleArn={DATA_ROLE}&RoleSessionName=one");
    let may = allow(&["sts:AssumeRole"]);
    for (trusted, own, operator, developer) in [
        (DEVELOPER, may.clone(), 403, 200),
        (USER, may, 200, 403),
        ("arn:aws:iam::123456789012:root", allow(&["sqs:*"]), 403, 403),
    ] {
        let cloud = cloud(own.clone(), own, trusted).await;
        for (profile, expected) in [("operator", operator), ("developer", developer)] {
            let (status, body) = sts(&cloud, profile, &form).await;
            assert_eq!(status, expected, "{profile}, where {trusted} is trusted: {body}");
        }
    }
}

/// The user agent tells which function has a session of another's; a profile is nobody's.
#[tokio::test]
async fn a_profile_is_not_taken_for_the_function_that_its_user_agent_names() {
    let cloud = cloud(allow(&["sqs:*"]), allow(&["sqs:*"]), DEVELOPER).await;
    let headers = [("user-agent", "app/terrace-WorkerFunction"), ("x-amz-target", "DynamoDB_20120810.Scan")];
    let scan = json!({ "TableName": TABLE }).to_string();
    assert_eq!(cloud.post_as(&keys(&cloud, "developer"), "/", &headers, scan).await.0, 400);
    assert_eq!(cloud.services.denied()[0].caller, "profile developer");
}
