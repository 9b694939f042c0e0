//! Policies that AWS would refuse, or that would make it drop events silently.

use super::assert_refused;

#[test]
fn rules_that_aws_would_fail_silently() {
    let queue = "arn:aws:sqs:eu-west-1:123456789012:shop-Queue";
    let no_policy: &str = &format!(
        "this rule may not send to Queue: no policy of {queue} allows sqs:SendMessage to events.amazonaws.com."
    );
    assert_refused(&[
        (
            "Condition: {ArnEquals: {aws:SourceArn: !GetAtt Rule.Arn}}",
            "Condition: {ArnEquals: {aws:SourceArn: \"arn:aws:events:*:*:rule/other/*\"}}",
            "Rule",
            no_policy,
            "AWS::SQS::QueuePolicy",
        ),
        (
            "Service: events.amazonaws.com",
            "Service: sns.amazonaws.com",
            "Rule",
            no_policy,
            "events.amazonaws.com",
        ),
        ("Action: sqs:SendMessage", "Action: sqs:ReceiveMessage", "Rule", no_policy, "sqs:SendMessage"),
        ("Queues: [!Ref Queue]", "Queues: [!Ref DeadLetters]", "Rule", no_policy, "!GetAtt Rule.Arn"),
        (
            "        - Id: queue\n          Arn: !GetAtt Queue.Arn",
            "        - Id: queue\n          Arn: !GetAtt BuyFunction.Arn",
            "Rule",
            "Targets.Arn arn:aws:lambda:eu-west-1:123456789012:function:shop-BuyFunction is not a queue of the template.",
            "let the queue feed the function",
        ),
        (
            "VisibilityTimeout: 60",
            "VisibilityTimeout: 5",
            "Messages",
            "BuyFunction's Timeout of 10 s is longer than Queue's VisibilityTimeout of 5 s.",
            "six times",
        ),
    ]);
}

#[test]
fn patterns_that_match_otherwise_here_and_there() {
    let known = "anything-but, cidr, equals-ignore-case, exists, numeric, prefix, suffix, wildcard";
    let problem =
        format!("this EventPattern does not work here: the operator \"shellstyle\" is none of {known}.");
    assert_refused(&[
        (
            "{source: [shop], detail",
            "{source: [{shellstyle: s*}], detail",
            "Rule",
            problem.leak(),
            "operators",
        ),
        (
            "StartingPosition: TRIM_HORIZON",
            "StartingPosition: TRIM_HORIZON\n      FilterCriteria: {Filters: [{Pattern: '{\"a\": [{\"wildcard\": \"x*\"}]}'}]}",
            "Changes",
            "this Pattern does not work here: the operator \"wildcard\" is none of anything-but, equals-ignore-case, exists, numeric, prefix, suffix.",
            "operators",
        ),
        (
            "{source: [shop], detail",
            "{source: [!Ref Nothing], detail",
            "Rule",
            "Nothing is neither a parameter nor a resource of this template.",
            "mend",
        ),
    ]);
}

#[test]
fn policies_that_forbid_or_cannot_be_decided() {
    let condition = "Condition: {ArnEquals: {aws:SourceArn: !GetAtt Rule.Arn}}";
    assert_refused(&[
        (
            condition,
            "Condition: {ArnEquals: {aws:SourceArn: !GetAtt Rule.Arn}}\n          - {Effect: Deny, Principal: \"*\", Action: \"sqs:SendMessage\", Resource: \"*\"}",
            "Rule",
            "this rule may not send to Queue: statement 2 of the resource policy QueuePolicy denies sqs:SendMessage on arn:aws:sqs:eu-west-1:123456789012:shop-Queue to events.amazonaws.com.",
            "deny it nowhere",
        ),
        (
            condition,
            "Condition: {Bool: {aws:SecureTransport: \"true\"}}",
            "Rule",
            "whether this rule may send to Queue depends on aws:securetransport, which EventBridge does not say.",
            "ArnEquals",
        ),
    ]);
}

#[test]
fn malformed_policies() {
    assert_refused(&[
        (
            "Action: dynamodb:PutItem",
            "Actions: dynamodb:PutItem\n            Action: dynamodb:PutItem",
            "BuyFunction",
            "the policy's statement 1: Actions is not known here; remove it, or mend its name.",
            "mend the policy",
        ),
        (
            "Action: dynamodb:PutItem",
            "Action: PutItem",
            "BuyFunction",
            "the policy's statement 1: Action: \"PutItem\" is not written as service:Action.",
            "mend the policy",
        ),
        (
            "            Action: dynamodb:PutItem",
            "            Principal: \"*\"\n            Action: dynamodb:PutItem",
            "BuyFunction",
            "the policy's statement 1: Principal is not known here; remove it, or mend its name.",
            "mend the policy",
        ),
        (
            "Condition: {ArnEquals:",
            "Condition: {ArnEqual:",
            "QueuePolicy",
            "the policy's statement 1: Condition: \"ArnEqual\" is not an operator that is known.",
            "mend the policy",
        ),
        (
            "        - Version: \"2012-10-17\"\n          Statement:\n            Effect",
            "        - Version: \"2008-10-17\"\n          Statement:\n            Effect",
            "BuyFunction",
            "the policy's document: Version: \"2008-10-17\" is not 2012-10-17.",
            "mend the policy",
        ),
        (
            "      Policies:\n",
            "      Policies:\n        - DynamoDBReadPolicy: {TableName: !Ref Table}\n",
            "BuyFunction",
            "the SAM policy template DynamoDBReadPolicy is not supported.",
            "write its statements",
        ),
    ]);
}
