//! What stacks that are nested in each other may not do, and what goes wrong inside of one.

use super::refusals::{LEAF, OPERATORS, ROOT, assert_refused};
use super::*;

#[test]
fn stacks_that_need_each_other() {
    let needs = |circle: &str| format!("each of these needs the next one before it can be made: {circle}.");
    assert_refused(&[
        (
            ROOT,
            "{Bus: !Ref Bus}",
            "{Bus: !GetAtt Operators.Outputs.Api}",
            ROOT,
            "Operators",
            &needs("Operators -> Audit -> Operators"),
            "break the circle",
        ),
        // The function's name does not need the stack, but the function does.
        (
            ROOT,
            "CodeUri: target/lambda/check/bootstrap.zip",
            "{CodeUri: target/lambda/check/bootstrap.zip, Environment: {Variables: {API: !GetAtt Operators.Outputs.Api}}}",
            ROOT,
            "Operators",
            &needs("Operators -> CheckFunction -> Operators"),
            "break the circle",
        ),
        (
            ROOT,
            "Environment: {Variables: {OF: root}}",
            "Environment: {Variables: {OF: !GetAtt Operators.Outputs.Api}}",
            ROOT,
            "Operators",
            &needs("Operators -> CheckFunction -> Operators"),
            "break the circle",
        ),
        (
            ROOT,
            "    Properties: {Name: shop-bus}",
            "    DependsOn: Audit\n    Properties: {Name: shop-bus}",
            ROOT,
            "Audit",
            &needs("Audit -> Bus -> Audit"),
            "break the circle",
        ),
    ]);
}

#[test]
fn what_is_wrong_inside_is_refused_there() {
    let prefix = "write ../target/lambda/<binary>/bootstrap.zip";
    assert_refused(&[
        (
            LEAF,
            "Properties: {QueueName",
            "Properties: {FifoQueue: true, QueueName",
            LEAF,
            "LeafQueue",
            "FifoQueue is not supported.",
            "remove it",
        ),
        (
            LEAF,
            "Transform: AWS::Serverless-2016-10-31",
            "Description: none",
            LEAF,
            "Transform",
            "this is not a SAM template.",
            "write",
        ),
        (
            LEAF,
            "Parameters:",
            "Metadata: {LocalData: {Version: 3}}\nParameters:",
            LEAF,
            "Metadata",
            "the version of local data stands in the root template alone.",
            "move it there",
        ),
        (
            OPERATORS,
            "CodeUri: ../target/lambda/onboard/bootstrap.zip",
            "CodeUri: target/lambda/onboard/bootstrap.zip",
            OPERATORS,
            "OnboardFunction",
            "CodeUri target/lambda/onboard/bootstrap.zip names no binary.",
            prefix,
        ),
        (
            ROOT,
            "TimeoutInMinutes: 5",
            "NotificationARNs: []",
            ROOT,
            "Operators",
            "NotificationARNs is not supported.",
            "AWS::CloudFormation::Stack",
        ),
        (
            OPERATORS,
            "RouteSettings: {GET /health:",
            "RouteSettings: {GET /healthy:",
            OPERATORS,
            "OperatorsApi",
            "RouteSettings has no route GET /healthy.",
            "of a route",
        ),
        (
            OPERATORS,
            "[sqs:ReceiveMessage, sqs:DeleteMessage, sqs:GetQueueAttributes]",
            "[sqs:DeleteMessage, sqs:GetQueueAttributes]",
            OPERATORS,
            "Messages",
            "Lambda may not read this in the name of OnboardFunction: no identity policy of \
             arn:aws:iam::123456789012:role/shop-Operators-OnboardFunctionRole allows sqs:ReceiveMessage on \
             arn:aws:sqs:eu-west-1:123456789012:shop-Audit-AuditQueue.",
            "sqs:ReceiveMessage",
        ),
    ]);
}

/// SAM refuses an API that a parameter names.
#[test]
fn a_route_is_of_the_api_of_its_own_template() {
    let templates = Templates::with(ROOT, "System: !Ref AWS::StackName", "System: api");
    let text = std::fs::read_to_string(templates.path(OPERATORS)).unwrap();
    templates.write(
        OPERATORS,
        &text.replacen("ApiId: !Ref OperatorsApi, Method: post", "ApiId: !Ref System, Method: post", 1),
    );
    let refusals = templates.load().unwrap_err();
    let [only] = refusals.refusals.as_slice() else { panic!("{refusals}") };
    assert_eq!(only.problem, "ApiId api is not the template's HttpApi.");
    assert!(only.file.ends_with(OPERATORS) && only.remedy.contains("SAM takes no other"), "{refusals}");
}

#[test]
fn a_template_has_one_api() {
    let problem = "a second HttpApi is not supported.";
    let own = "  Messages:\n    Type: AWS::Lambda::EventSourceMapping";
    let with_second = format!("  SecondApi: {{Type: AWS::Serverless::HttpApi}}\n{own}");
    assert_refused(&[(OPERATORS, own, &with_second, OPERATORS, "SecondApi", problem, "keep one")]);
}

#[test]
fn logical_ids_are_unique_among_all_stacks() {
    let templates = Templates::with(LEAF, "  LeafQueue:", "  AuditQueue:");
    let text = std::fs::read_to_string(templates.path(LEAF)).unwrap();
    templates.write(LEAF, &text.replace("LeafQueue.", "AuditQueue."));
    let refusals = templates.load().unwrap_err();
    let [only] = refusals.refusals.as_slice() else { panic!("{refusals}") };
    let first = format!("{}:5", templates.path(LEAF).display());
    assert_eq!(only.problem, format!("the logical id AuditQueue stands in {first} already."));
    assert!(
        only.file.ends_with("stacks/audit.yaml") && only.remedy.contains("give one of them another"),
        "{refusals}"
    );
    // The role that SAM makes of a function has an id, too.
    let role = "  HealthFunction:";
    let own = "  OnboardFunctionRole:\n    Type: AWS::SQS::Queue\n  HealthFunction:";
    let refusals = Templates::with(ROOT, role, own).load().unwrap_err().to_string();
    assert!(
        refusals.contains("OnboardFunction: the logical id OnboardFunctionRole stands in "),
        "{refusals}"
    );
}

#[test]
fn refusals_come_file_by_file() {
    let templates =
        Templates::with(LEAF, "Properties: {QueueName", "Properties: {FifoQueue: true, QueueName");
    let root = std::fs::read_to_string(templates.path(ROOT)).unwrap();
    templates.write(ROOT, &root.replacen("TimeoutInMinutes: 5", "NotificationARNs: []", 1));
    let refusals = templates.load().unwrap_err();
    let files: Vec<bool> = refusals.refusals.iter().map(|refusal| refusal.file.ends_with(ROOT)).collect();
    assert_eq!(files, [true, false], "{refusals}");
    let end = format!("2 problems: {} does not run here.", templates.path(ROOT).display());
    assert!(refusals.to_string().ends_with(&end), "{refusals}");
}
