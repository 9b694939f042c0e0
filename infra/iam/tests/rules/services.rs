//! What services may do in their own name: queues and functions.

use iam::{Context, LambdaPermission, Principal, PrincipalPolicies, Request, ResourcePolicy, decide};
use serde_json::json;

use crate::support::{grants, policies, resource, session};

const QUEUE: &str = "arn:aws:sqs:eu-west-1:111122223333:Notify";
const RULE: &str = "arn:aws:events:eu-west-1:111122223333:rule/terrace/Notify";

fn is_allowed(service: &str, action: &str, arn: &str, policy: &ResourcePolicy, context: &Context) -> bool {
    let request = Request { principal: &Principal::service(service), action, resource: arn, context };
    decide(&request, &policies(&PrincipalPolicies::none(), Some(policy))).is_allowed()
}

/// AWS: Using resource-based policies for Amazon EventBridge, Amazon SQS permissions,
/// <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html>
#[test]
fn a_rule_sends_to_the_queue_that_names_it() {
    let queue = resource(json!({
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": QUEUE,
        "Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:events:eu-west-1:111122223333:rule/terrace/*"}},
    }));
    let from = |rule: &str| Context::new().with("aws:SourceArn", rule);
    let (events, send) = ("events.amazonaws.com", "sqs:SendMessage");
    assert!(is_allowed(events, send, QUEUE, &queue, &from(RULE)));
    assert!(!is_allowed(
        events,
        send,
        QUEUE,
        &queue,
        &from("arn:aws:events:eu-west-1:111122223333:rule/other/Notify")
    ));
    assert!(!is_allowed(events, send, QUEUE, &queue, &Context::new()));
    assert!(!is_allowed(events, "sqs:ReceiveMessage", QUEUE, &queue, &from(RULE)));
    assert!(!is_allowed(events, send, "arn:aws:sqs:eu-west-1:111122223333:Other", &queue, &from(RULE)));
    assert!(!is_allowed("sns.amazonaws.com", send, QUEUE, &queue, &from(RULE)));
}

/// AWS: AWS global condition context keys, aws:PrincipalIsAWSService and aws:PrincipalServiceName,
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalisawsservice>
/// The condition is that of the second example there: nobody else than a network or a service.
#[test]
fn a_deny_can_leave_out_services_by_their_keys() {
    let statement = |condition| {
        resource(json!([
            {"Effect": "Allow", "Principal": "*", "Action": "sqs:*", "Resource": "*"},
            {"Effect": "Deny", "Principal": "*", "Action": "sqs:*", "Resource": "*", "Condition": condition},
        ]))
    };
    let is_allowed = |policy: &ResourcePolicy, principal: &Principal| {
        let (own, context) =
            (grants(json!({"Effect": "Allow", "Action": "*", "Resource": "*"})), Context::new());
        let request = Request { principal, action: "sqs:SendMessage", resource: QUEUE, context: &context };
        decide(&request, &policies(&own, Some(policy))).is_allowed()
    };
    let any_service = statement(json!({
        "StringNotEqualsIfExists": {"aws:SourceVpc": "vpc-111bbb22"},
        "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
    }));
    let (events, sns) = (Principal::service("events.amazonaws.com"), Principal::service("sns.amazonaws.com"));
    assert!(is_allowed(&any_service, &events));
    assert!(!is_allowed(&any_service, &session()));
    assert!(!is_allowed(&any_service, &Principal::anonymous()));
    let one_service =
        statement(json!({"StringNotEqualsIfExists": {"aws:PrincipalServiceName": "events.amazonaws.com"}}));
    assert!(is_allowed(&one_service, &events));
    assert!(!is_allowed(&one_service, &sns));
    assert!(!is_allowed(&one_service, &session()));
}

/// AWS: Viewing resource-based IAM policies in Lambda,
/// <https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html>; AWS::Lambda::Permission,
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-permission.html>
#[test]
fn a_function_is_invoked_by_whom_its_permissions_name() {
    let function = "arn:aws:lambda:eu-west-1:111122223333:function:Authorize";
    let permission = LambdaPermission {
        id: "ApiInvokes".to_owned(),
        action: "lambda:InvokeFunction".to_owned(),
        function_arn: function.to_owned(),
        principal: "apigateway.amazonaws.com".to_owned(),
        source_arn: Some("arn:aws:execute-api:eu-west-1:111122223333:abc123/authorizers/*".to_owned()),
        source_account: None,
    };
    let bucket = LambdaPermission {
        id: "BucketInvokes".to_owned(),
        principal: "s3.amazonaws.com".to_owned(),
        source_arn: Some("arn:aws:s3:::uploads".to_owned()),
        source_account: Some("111122223333".to_owned()),
        ..permission.clone()
    };
    let policy = LambdaPermission::policy("Authorize", &[permission.clone(), bucket]).unwrap();
    let invoke = "lambda:InvokeFunction";
    let from = |arn: &str| Context::new().with("aws:SourceArn", arn);
    let api = "apigateway.amazonaws.com";
    assert!(is_allowed(
        api,
        invoke,
        function,
        &policy,
        &from("arn:aws:execute-api:eu-west-1:111122223333:abc123/authorizers/1")
    ));
    assert!(!is_allowed(
        api,
        invoke,
        function,
        &policy,
        &from("arn:aws:execute-api:eu-west-1:111122223333:abc123/*/GET/a")
    ));
    assert!(!is_allowed(
        api,
        invoke,
        function,
        &policy,
        &from("arn:aws:execute-api:eu-west-1:111122223333:other/authorizers/1")
    ));
    assert!(!is_allowed(api, invoke, function, &policy, &Context::new()));
    let uploads = from("arn:aws:s3:::uploads");
    assert!(is_allowed(
        "s3.amazonaws.com",
        invoke,
        function,
        &policy,
        &uploads.clone().with("aws:SourceAccount", "111122223333")
    ));
    assert!(!is_allowed(
        "s3.amazonaws.com",
        invoke,
        function,
        &policy,
        &uploads.clone().with("aws:SourceAccount", "444455556666")
    ));
    assert!(!is_allowed("s3.amazonaws.com", invoke, function, &policy, &uploads));
    let malformed = LambdaPermission { principal: "apigateway".to_owned(), ..permission };
    assert!(LambdaPermission::policy("Authorize", &[malformed]).is_err());
    assert!(LambdaPermission::policy("Authorize", &[]).is_err());
}
