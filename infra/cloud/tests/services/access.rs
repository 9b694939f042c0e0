//! Calls are decided by the policies of the caller's role, of its session and of the resource.

use std::sync::Arc;

use cloud::services::{Authorization, Credential};
use cloud::storage::Storage;
use iam::{ResourceKind, ResourcePolicy, Tags};
use serde_json::{Value, json};

use crate::stack::{BUS, DATA_ROLE, KEY_ID, ROLE, TABLE, data_role, policy, queue_url, role, stack};
use crate::support::Cloud;

const TABLE_ARN: &str = "arn:aws:dynamodb:eu-west-1:123456789012:table/terrace-Items";
const FORM: [(&str, &str); 1] = [("content-type", "application/x-www-form-urlencoded")];

/// The worker's role has these statements.
async fn with(statements: Value) -> Cloud {
    let mut stack = stack();
    stack.roles = vec![role(statements)];
    Cloud::start_as(stack, Storage::Memory, Authorization::Decided).await
}

/// Reads and writes of the session's tenant alone, as the template has it.
pub(crate) fn of_one_tenant() -> Value {
    let condition = json!({
        "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["T#${aws:PrincipalTag/TenantId}#*"] },
        "Null": { "dynamodb:LeadingKeys": "false" },
    });
    json!([
        { "Sid": "OneTenant", "Effect": "Allow", "Action": ["dynamodb:*Item", "dynamodb:Query", "dynamodb:Scan"],
          "Resource": [TABLE_ARN, format!("{TABLE_ARN}/index/*")], "Condition": condition },
        { "Effect": "Allow", "Action": "sts:*", "Resource": "*" },
    ])
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    text.split_once(start).and_then(|(_, rest)| rest.split_once(end)).unwrap_or_else(|| panic!("{text}")).0
}

/// A session that is tagged with the tenant.
pub(crate) async fn session(cloud: &Cloud, tenant: &str) -> Credential {
    let (status, body) = assume(cloud, ROLE, &[("TenantId", tenant)]).await;
    assert_eq!(status, 200, "{body}");
    credential(&body)
}

async fn assume(cloud: &Cloud, role: &str, tags: &[(&str, &str)]) -> (u16, String) {
    let mut form = format!("Action=AssumeRole&Version=2011-06-15&RoleArn={role}&RoleSessionName=one");
    for (number, (key, value)) in (1..).zip(tags) {
        form += &format!("&Tags.member.{number}.Key={key}&Tags.member.{number}.Value={value}");
    }
    cloud.post("/", &FORM, form).await
}

fn credential(body: &str) -> Credential {
    let element = |name: &str| between(body, &format!("<{name}>"), &format!("</{name}>")).to_owned();
    Credential {
        access_key_id: element("AccessKeyId"),
        secret_access_key: element("SecretAccessKey"),
        session_token: Some(element("SessionToken")),
    }
}

pub(crate) async fn dynamodb(
    cloud: &Cloud,
    credential: &Credential,
    action: &str,
    request: &Value,
) -> (u16, String) {
    let target = format!("DynamoDB_20120810.{action}");
    cloud.post_as(credential, "/", &[("x-amz-target", &target)], request.to_string()).await
}

fn key(pk: &str) -> Value {
    json!({ "pk": { "S": pk }, "sk": { "S": "-" } })
}

#[tokio::test]
async fn a_session_reaches_the_items_of_its_own_tenant_alone() {
    let cloud = with(of_one_tenant()).await;
    let credential = session(&cloud, "ten_1").await;
    let put = |pk: &str| json!({ "Put": { "TableName": TABLE, "Item": key(pk) } });
    let check = |pk: &str| {
        let condition = "attribute_not_exists(pk)";
        json!({ "ConditionCheck": { "TableName": TABLE, "Key": key(pk), "ConditionExpression": condition } })
    };
    let query = |pk: &str| {
        let values = json!({ ":pk": { "S": pk } });
        json!({ "TableName": TABLE, "KeyConditionExpression": "pk = :pk", "ExpressionAttributeValues": values })
    };
    let keys = |pks: &[&str]| {
        let keys: Vec<Value> = pks.iter().map(|pk| key(pk)).collect();
        json!({ "RequestItems": { TABLE: { "Keys": keys } } })
    };
    for (action, request, allowed) in [
        ("PutItem", json!({ "TableName": TABLE, "Item": key("T#ten_1#a") }), true),
        ("PutItem", json!({ "TableName": TABLE, "Item": key("T#ten_2#a") }), false),
        ("PutItem", json!({ "TableName": TABLE, "Item": key("T#ten_10#a") }), false),
        ("GetItem", json!({ "TableName": TABLE, "Key": key("T#ten_1#a") }), true),
        ("GetItem", json!({ "TableName": TABLE_ARN, "Key": key("T#ten_2#a") }), false),
        ("Query", query("T#ten_1#a"), true),
        ("Query", query("T#ten_2#a"), false),
        ("Scan", json!({ "TableName": TABLE }), false),
        ("TransactWriteItems", json!({ "TransactItems": [put("T#ten_1#b"), check("T#ten_1#c")] }), true),
        ("TransactWriteItems", json!({ "TransactItems": [put("T#ten_1#d"), put("T#ten_2#d")] }), false),
        ("TransactWriteItems", json!({ "TransactItems": [put("T#ten_1#d"), check("T#ten_2#d")] }), false),
        ("BatchGetItem", keys(&["T#ten_1#a"]), true),
        ("BatchGetItem", keys(&["T#ten_1#a", "T#ten_2#a"]), false),
        ("DescribeTable", json!({ "TableName": TABLE }), false),
    ] {
        let (status, body) = dynamodb(&cloud, &credential, action, &request).await;
        assert_eq!(status == 200, allowed, "{action} {request}: {body}");
        assert!(allowed || body.contains("AccessDeniedException"), "{body}");
    }
    let get = json!({ "TableName": TABLE, "Key": key("T#ten_1#d") });
    let (_, body) = dynamodb(&cloud, &credential, "GetItem", &get).await;
    assert!(!body.contains("T#ten_1#d"), "a denied transaction writes nothing: {body}");
    let untagged = cloud.credential.clone();
    let (status, body) = dynamodb(&cloud, &untagged, "GetItem", &get).await;
    assert_eq!(status, 400, "a session without a tag has no tenant: {body}");
}

#[tokio::test]
async fn a_denial_says_who_what_and_why() {
    let deny = json!({ "Sid": "NoQueue", "Effect": "Deny", "Action": "sqs:*", "Resource": "*" });
    let cloud = with(json!([deny, { "Effect": "Allow", "Action": "kms:*", "Resource": "*" }])).await;
    let put =
        json!({ "Entries": [{ "EventBusName": BUS, "Source": "s", "DetailType": "t", "Detail": "{}" }] });
    let sign = json!({ "KeyId": KEY_ID, "Message": "aGVsbG8=", "SigningAlgorithm": "ECDSA_SHA_256" });
    cloud.call("TrentService.Sign", sign).await;
    let send = json!({ "QueueUrl": queue_url("Work"), "MessageBody": "hello" });
    assert_eq!(cloud.try_call("AmazonSQS.SendMessage", send).await.0, 403);
    let (status, body) = cloud.try_call("AWSEvents.PutEvents", put).await;
    let user = "arn:aws:sts::123456789012:assumed-role/terrace-WorkerFunctionRole/WorkerFunction";
    let bus = format!("arn:aws:events:eu-west-1:123456789012:event-bus/{BUS}");
    let message = format!(
        "User: {user} is not authorized to perform: events:PutEvents on resource: {bus} because no identity-based \
         policy allows the events:PutEvents action"
    );
    assert_eq!(
        (status, &body["__type"], &body["message"]),
        (400, &json!("AccessDeniedException"), &json!(message))
    );
    let denied = cloud.services.denied();
    let reasons: Vec<(&str, &str)> = denied.iter().map(|one| (&*one.action, &*one.reason)).collect();
    let queue = "arn:aws:sqs:eu-west-1:123456789012:terrace-Work";
    assert_eq!(
        reasons,
        [
            (
                "sqs:SendMessage",
                &*format!(
                    "statement NoQueue of the identity policy worker denies sqs:SendMessage on {queue} to {ROLE}"
                )
            ),
            ("events:PutEvents", &*format!("no identity policy of {ROLE} allows events:PutEvents on {bus}")),
        ]
    );
    assert!(denied.iter().all(|one| one.principal == user && one.caller == "WorkerFunction"));
}

#[tokio::test]
async fn a_role_is_assumed_if_caller_and_trust_allow_it() {
    let form = format!("Action=AssumeRole&Version=2011-06-15&RoleArn={ROLE}&RoleSessionName=one");
    let tagged = format!("{form}&Tags.member.1.Key=TenantId&Tags.member.1.Value=ten_1");
    for (action, untagged_status, tagged_status) in
        [("sts:AssumeRole", 200, 403), ("sts:TagSession", 403, 403), ("sts:*", 200, 200)]
    {
        let cloud = with(json!([{ "Effect": "Allow", "Action": action, "Resource": ROLE }])).await;
        let (status, body) = cloud.post("/", &FORM, form.clone()).await;
        assert_eq!(status, untagged_status, "{action}: {body}");
        let (status, body) = cloud.post("/", &FORM, tagged.clone()).await;
        assert_eq!(status, tagged_status, "{action}: {body}");
        assert!(status == 200 || body.contains("<Code>AccessDenied</Code>"), "{body}");
    }
}

/// A request that names nothing is not decided on, and so it is not served.
#[tokio::test]
async fn what_is_not_understood_is_denied() {
    let cloud = with(json!([{ "Effect": "Allow", "Action": "*", "Resource": "*" }])).await;
    for (target, request) in [
        ("DynamoDB_20120810.GetItem", json!({ "TableName": "other", "Key": key("a") })),
        ("DynamoDB_20120810.ExecuteStatement", json!({ "Statement": "SELECT * FROM \"terrace-Items\"" })),
        (
            "DynamoDB_20120810.TransactWriteItems",
            json!({ "TransactItems": [{ "Copy": { "TableName": TABLE } }] }),
        ),
        ("TrentService.Decrypt", json!({ "KeyId": KEY_ID })),
        ("AmazonSQS.PurgeQueue", json!({ "QueueUrl": queue_url("Work") })),
    ] {
        let (status, body) = cloud.try_call(target, request).await;
        assert!(
            [400, 403].contains(&status) && body["__type"].as_str().unwrap().contains("AccessDenied"),
            "{target}: {body}"
        );
    }
}

/// The worker with this tag and boundary, and the role of tenants' data.
async fn with_vendor(vends: &str, boundary: Option<Value>, table: Option<Value>) -> Cloud {
    let mut stack = stack();
    let mut worker = role(json!([{ "Effect": "Allow", "Action": "*", "Resource": "*" }]));
    worker.tags = Tags::new([("Vends", vends)]).unwrap();
    worker.policies.boundary = boundary.map(|statement| policy("limit", statement));
    let read = json!([{
        "Effect": "Allow", "Action": "dynamodb:*", "Resource": "*",
        "Condition": { "StringEquals": { "aws:PrincipalTag/Access": "read", "aws:PrincipalTag/Holds": "data" } },
    }]);
    stack.roles = vec![worker, data_role(read)];
    stack.tables[0].policy = table.map(|statement| {
        let document = json!({ "Version": "2012-10-17", "Statement": statement });
        Arc::new(ResourcePolicy::parse("table", ResourceKind::Ordinary, &document).unwrap())
    });
    Cloud::start_as(stack, Storage::Memory, Authorization::Decided).await
}

#[tokio::test]
async fn a_role_is_assumed_by_the_tags_of_both_roles() {
    let (class, other) = ([("Access", "read")], [("Access", "write")]);
    for (vends, tags, expected) in
        [("read", class, 200), ("read", other, 403), ("write", class, 403), ("write", other, 200)]
    {
        let (status, body) = assume(&with_vendor(vends, None, None).await, DATA_ROLE, &tags).await;
        assert_eq!(status, expected, "{vends} {tags:?}: {body}");
    }
}

#[tokio::test]
async fn a_session_has_the_tags_of_its_role_below_its_own() {
    let cloud = with_vendor("read", None, None).await;
    let (_, body) = assume(&cloud, DATA_ROLE, &[("Access", "read")]).await;
    let arn = "arn:aws:sts::123456789012:assumed-role/DataRole/one";
    assert!(body.contains(&format!("<Arn>{arn}</Arn>")), "without the path: {body}");
    let get = json!({ "TableName": TABLE, "Key": key("a") });
    let (status, body) = dynamodb(&cloud, &credential(&body), "GetItem", &get).await;
    assert_eq!(status, 200, "{body}");
}

#[tokio::test]
async fn a_boundary_limits_what_policies_allow() {
    let boundary = json!([{ "Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": "*" }]);
    let cloud = with_vendor("read", Some(boundary), None).await;
    let (item, read) =
        (json!({ "TableName": TABLE, "Item": key("a") }), json!({ "TableName": TABLE, "Key": key("a") }));
    assert_eq!(cloud.try_call("DynamoDB_20120810.GetItem", read).await.0, 200);
    let (status, body) = cloud.try_call("DynamoDB_20120810.PutItem", item).await;
    assert_eq!(status, 400);
    assert!(body["message"].as_str().unwrap().contains("no permissions boundary allows"), "{body}");
    assert_eq!(
        assume(&cloud, DATA_ROLE, &[("Access", "read")]).await.0,
        403,
        "sts is outside of the boundary"
    );
}

/// The table's policy is that of its indexes as well, as far as its `Resource` names them.
#[tokio::test]
async fn a_table_s_policy_is_decided_on_every_call() {
    let deny = |resource: Value| {
        let arn = "arn:aws:iam::123456789012:role/terrace/tenant/*";
        let condition = json!({ "ArnNotLike": { "aws:PrincipalArn": arn } });
        json!([{ "Sid": "TenantsAlone", "Effect": "Deny", "Principal": "*", "Action": "dynamodb:*", "Resource": resource,
                 "Condition": condition }])
    };
    let index = format!("{TABLE_ARN}/index/Other");
    let values = json!({ ":pk": { "S": "a" } });
    let query = |index: Option<&str>| {
        json!({ "TableName": TABLE, "IndexName": index, "KeyConditionExpression": "pk = :pk",
                "ExpressionAttributeValues": values })
    };
    let put = json!({ "Put": { "TableName": TABLE, "Item": key("a") } });
    for (resource, on_table, on_index) in
        [(json!("*"), true, true), (json!(TABLE_ARN), true, false), (json!([TABLE_ARN, index]), true, true)]
    {
        let cloud = with_vendor("read", None, Some(deny(resource.clone()))).await;
        for (action, request, denied) in [
            ("GetItem", json!({ "TableName": TABLE, "Key": key("a") }), on_table),
            ("Query", query(None), on_table),
            ("Query", query(Some("Other")), on_index),
            ("BatchGetItem", json!({ "RequestItems": { TABLE: { "Keys": [key("a")] } } }), on_table),
            ("TransactWriteItems", json!({ "TransactItems": [put] }), on_table),
            ("DescribeTable", json!({ "TableName": TABLE }), on_table),
        ] {
            let (_, body) = dynamodb(&cloud, &cloud.credential, action, &request).await;
            let says = body.contains("with an explicit deny in a resource-based policy");
            assert_eq!(says, denied, "{action} {request} by {resource}: {body}");
        }
        let (_, body) = assume(&cloud, DATA_ROLE, &[("Access", "read")]).await;
        let get = json!({ "TableName": TABLE, "Key": key("a") });
        assert_eq!(dynamodb(&cloud, &credential(&body), "GetItem", &get).await.0, 200, "a role of tenants");
    }
}
