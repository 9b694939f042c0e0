//! What AWS would refuse or fail at silently.

use super::assert_refused;

#[test]
fn rules_that_aws_would_fail_silently() {
    let no_policy = "no queue policy lets this rule send to Queue.";
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
            "BuyFunction",
            "the function's Timeout of 10 s is longer than Queue's VisibilityTimeout of 5 s.",
            "six times",
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
            "Actions is not supported.",
            "remove it",
        ),
        (
            "Action: dynamodb:PutItem",
            "Action: PutItem",
            "BuyFunction",
            "Action PutItem names no service.",
            "service:Action",
        ),
        (
            "            Action: dynamodb:PutItem",
            "            Principal: \"*\"\n            Action: dynamodb:PutItem",
            "BuyFunction",
            "Principal is not supported.",
            "remove it",
        ),
        (
            "Condition: {ArnEquals:",
            "Condition: {ArnEqual:",
            "QueuePolicy",
            "the condition operator ArnEqual does not exist.",
            "mend its name",
        ),
        (
            "        - Version: \"2012-10-17\"\n          Statement:\n            Effect",
            "        - Version: \"2008-10-17\"\n          Statement:\n            Effect",
            "BuyFunction",
            "Version 2008-10-17 is not supported.",
            "2012-10-17",
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
