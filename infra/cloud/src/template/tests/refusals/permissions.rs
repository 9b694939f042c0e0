//! What roles lack, and what policies ask for that nothing here knows.

use super::assert_refused;
use crate::template::tests::{BASE, parse_base};

const QUEUE: &str = "arn:aws:sqs:eu-west-1:123456789012:shop-Queue";
const STREAM: &str =
    "arn:aws:dynamodb:eu-west-1:123456789012:table/shop-Table/stream/2025-01-01T00:00:00.000";
const ROLE: &str = "arn:aws:iam::123456789012:role/shop-BuyFunctionRole";

fn lacks(action: &str, resource: &str) -> String {
    format!(
        "Lambda may not read this in the name of BuyFunction: no identity policy of {ROLE} allows {action} on {resource}."
    )
}

#[test]
fn a_role_reads_what_feeds_its_function() {
    for (action, resource, mapping) in [
        ("sqs:ReceiveMessage", QUEUE, "Messages"),
        ("sqs:DeleteMessage", QUEUE, "Messages"),
        ("sqs:GetQueueAttributes", QUEUE, "Messages"),
        ("dynamodb:DescribeStream", STREAM, "Changes"),
        ("dynamodb:GetRecords", STREAM, "Changes"),
        ("dynamodb:GetShardIterator", STREAM, "Changes"),
        ("dynamodb:ListStreams", "*", "Changes"),
    ] {
        let other = format!("{}:Other", action.split_once(':').unwrap().0);
        assert_refused(&[(action, &other, mapping, &lacks(action, resource), action)]);
    }
    let elsewhere = "            Resource: !GetAtt DeadLetters.Arn\n          - Effect: Allow\n            Action: [dynamodb:D";
    assert_refused(&[(
        "            Resource: !GetAtt Queue.Arn\n          - Effect: Allow\n            Action: [dynamodb:D",
        elsewhere,
        "Messages",
        &lacks("sqs:ReceiveMessage", QUEUE),
        QUEUE,
    )]);
}

#[test]
fn a_boundary_and_the_queue_s_policy_count_for_what_feeds_a_function() {
    let bounded = "MemorySize: 512\n      PermissionsBoundary: !Ref Limit";
    let limit = "  Limit:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument: {Version: \"2012-10-17\", Statement: {Effect: Allow, Action: [\"dynamodb:*\", ACTION], Resource: \"*\"}}\nOutputs:";
    let text = BASE.replace("MemorySize: 512", bounded).replace("Outputs:", limit);
    assert!(parse_base(&text.replace("ACTION", "\"sqs:*\""), &[]).is_ok());
    let refusals = parse_base(&text.replace("ACTION", "\"kms:*\""), &[]).unwrap_err();
    let problem = format!(
        "Lambda may not read this in the name of BuyFunction: the boundary Limit of {ROLE} does not allow \
         sqs:ReceiveMessage on {QUEUE}."
    );
    assert_eq!(refusals.refusals[0].problem, problem, "{refusals}");

    let condition = "Condition: {ArnEquals: {aws:SourceArn: !GetAtt Rule.Arn}}";
    let deny = format!(
        "{condition}\n          - {{Sid: Closed, Effect: Deny, Principal: \"*\", Action: \"sqs:Receive*\", Resource: \"*\"}}"
    );
    let problem = format!(
        "Lambda may not read this in the name of BuyFunction: statement Closed of the resource policy QueuePolicy \
         denies sqs:ReceiveMessage on {QUEUE} to {ROLE}."
    );
    assert_refused(&[(condition, &deny, "Messages", &problem, "sqs:ReceiveMessage")]);
}

/// A role whose policies are not all known lacks what nobody can tell.
#[test]
fn a_malformed_policy_is_refused_without_what_it_would_have_allowed() {
    assert_refused(&[
        (
            "[sqs:ReceiveMessage,",
            "[ReceiveMessage,",
            "Feed",
            "the policy's statement 1: Action: \"ReceiveMessage\" is not written as service:Action.",
            "mend",
        ),
        (
            "        - !Ref Feed\n",
            "        - {Version: \"2012-10-17\", Statement: {Effect: Allow, Action: all, Resource: \"*\"}}\n",
            "BuyFunction",
            "the policy's statement 1: Action: \"all\" is not written as service:Action.",
            "mend",
        ),
        (
            "        - !Ref Feed\n",
            "        - arn:aws:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole\n",
            "BuyFunction",
            "the managed policy arn:aws:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole is not in this template.",
            "its statements",
        ),
    ]);
}

#[test]
fn the_tags_of_a_role_count_for_what_feeds_its_function() {
    let resource = "            Resource: !GetAtt Table.StreamArn\n";
    let tagged =
        format!("{resource}            Condition: {{StringEquals: {{aws:PrincipalTag/team: TEAM}}}}\n");
    let text = BASE.replace(resource, &tagged);
    assert!(parse_base(&text.replace("TEAM", "shop"), &[]).is_ok());
    let refusals = parse_base(&text.replace("TEAM", "other"), &[]).unwrap_err();
    assert_eq!(refusals.refusals[0].problem, lacks("dynamodb:DescribeStream", STREAM), "{refusals}");
}

/// Such a key would be missing in every decision here, and in AWS it is there.
#[test]
fn policies_that_ask_for_what_nothing_fills_in() {
    let put = "            Action: dynamodb:PutItem\n";
    let on_put = |condition: &str| format!("{put}            Condition: {condition}\n");
    let rule = "Condition: {ArnEquals: {aws:SourceArn: !GetAtt Rule.Arn}}";
    let key = |condition: &str| {
        let statement = format!(
            "{{Effect: Allow, Principal: \"*\", Action: \"kms:*\", Resource: \"*\", Condition: {condition}}}"
        );
        format!("KeyUsage: SIGN_VERIFY\n      KeyPolicy: {{Version: \"2012-10-17\", Statement: {statement}}}")
    };
    let stream = "StreamSpecification: {StreamViewType: NEW_IMAGE}";
    let table = |condition: &str| {
        let statement = format!(
            "{{Effect: Allow, Principal: \"*\", Action: \"dynamodb:*\", Resource: \"*\", Condition: {condition}}}"
        );
        format!(
            "{stream}\n      ResourcePolicy: {{PolicyDocument: {{Version: \"2012-10-17\", Statement: {statement}}}}}"
        )
    };
    let trust = |condition: &str| {
        let statement = format!(
            "{{Effect: Allow, Principal: {{AWS: \"*\"}}, Action: \"sts:AssumeRole\", Condition: {condition}}}"
        );
        format!(
            "MemorySize: 512\n      AssumeRolePolicyDocument: {{Version: \"2012-10-17\", Statement: {statement}}}"
        )
    };
    let ip = "{IpAddress: {aws:SourceIp: 10.0.0.0/8}}";
    for (find, replace, logical_id, asked) in [
        (
            put,
            on_put("{\"ForAllValues:StringEquals\": {dynamodb:Attributes: [pk]}}"),
            "BuyFunction",
            "dynamodb:attributes",
        ),
        (put, on_put(ip), "BuyFunction", "aws:sourceip"),
        (put, on_put("{StringEquals: {aws:ResourceTag/team: shop}}"), "BuyFunction", "aws:resourcetag/team"),
        (put, on_put("{StringEquals: {aws:PrincipalTag/a: \"${aws:userid}\"}}"), "BuyFunction", "aws:userid"),
        (
            "            Condition: {ArnEquals: {aws:SourceArn: !GetAtt Rule.Arn}}",
            format!(
                "            {rule}\n          - {{Effect: Deny, Principal: \"*\", Action: \"sqs:*\", Resource: \"*\", Condition: {ip}}}"
            ),
            "QueuePolicy",
            "aws:sourceip",
        ),
        ("KeyUsage: SIGN_VERIFY", key("{StringEquals: {kms:ViaService: x}}"), "Key", "kms:viaservice"),
        (stream, table("{StringEquals: {aws:SourceVpce: vpce-1}}"), "Table", "aws:sourcevpce"),
        (
            "MemorySize: 512",
            trust("{StringEquals: {sts:SourceIdentity: me, aws:SourceVpc: vpc-1}}"),
            "BuyFunction",
            "aws:sourcevpc",
        ),
    ] {
        let problem = format!("the policy asks for {asked}, which nothing fills in here.");
        assert_refused(&[(find, &replace, logical_id, &problem, "another key")]);
    }
    for (find, replace) in [
        (
            put,
            on_put(
                "{StringEquals: {ses:FromAddress: a, kms:MessageType: RAW, aws:PrincipalTag/x: y}, Bool: {aws:SecureTransport: \"true\"}}",
            ),
        ),
        (
            put,
            on_put(
                "{\"ForAllValues:StringEquals\": {aws:TagKeys: [a], dynamodb:LeadingKeys: [b]}, \"Null\": {aws:RequestTag/a: \"true\"}}",
            ),
        ),
        (
            put,
            on_put(
                "{DateLessThan: {aws:TokenIssueTime: \"2030-01-01T00:00:00Z\"}, Bool: {aws:PrincipalIsAWSService: \"false\"}}",
            ),
        ),
        (
            stream,
            table(
                "{ArnNotLike: {aws:PrincipalArn: \"arn:aws:iam::123456789012:role/x/*\"}, StringEquals: {aws:PrincipalAccount: \"1\"}}",
            ),
        ),
        ("KeyUsage: SIGN_VERIFY", key("{StringEquals: {kms:SigningAlgorithm: ECDSA_SHA_256}}")),
        ("MemorySize: 512", trust("{StringEquals: {aws:ResourceTag/x: \"${aws:PrincipalTag/x}\"}}")),
    ] {
        assert_eq!(BASE.matches(find).count(), 1, "{find}");
        if let Err(refusals) = parse_base(&BASE.replace(find, &replace), &[]) {
            panic!("{refusals}");
        }
    }
}
