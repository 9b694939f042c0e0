//! Settings of event sources that Lambda or the local cloud refuses.

use super::assert_refused;

const QUEUE: &str = "FunctionName: !Ref BuyFunction";

#[test]
fn a_maximum_concurrency_that_lambda_refuses() {
    for value in ["0", "1", "1001", "many"] {
        let scaled = format!("{QUEUE}\n      ScalingConfig:\n        MaximumConcurrency: {value}");
        assert_refused(&[(
            QUEUE,
            &scaled,
            "Messages",
            "ScalingConfig.MaximumConcurrency is not a number that is allowed.",
            "write a whole number from 2 to 1000",
        )]);
    }
}

#[test]
fn a_source_is_enabled_or_not() {
    assert_refused(&[(
        QUEUE,
        "FunctionName: !Ref BuyFunction\n      Enabled: later",
        "Messages",
        "Enabled is neither true nor false.",
        "write true or false",
    )]);
}

/// SAM would attach a managed policy of AWS to the role, which reads every queue or stream.
#[test]
fn events_that_sam_would_give_a_policy_for_everything() {
    for (kind, thing) in
        [("SQS", "this one queue"), ("DynamoDB", "this one stream"), ("CloudWatchEvent", "Schedule")]
    {
        let event = format!("        Again: {{Type: {kind}, Properties: {{Anything: x}}}}\n  Changes:");
        assert_refused(&[(
            "  Changes:",
            &event,
            "BuyFunction",
            &format!("Type {kind} is not supported."),
            "AWS::Lambda::EventSourceMapping",
        )]);
        assert_refused(&[(
            "  Changes:",
            &event,
            "BuyFunction",
            &format!("Type {kind} is not supported."),
            thing,
        )]);
    }
}

#[test]
fn a_source_is_one_stream_or_queue_and_one_function() {
    assert_refused(&[
        (
            "EventSourceArn: !GetAtt Queue.Arn",
            "EventSourceArn: !GetAtt Bus.Arn\n      BatchSize: 5",
            "Messages",
            "EventSourceArn arn:aws:events:eu-west-1:123456789012:event-bus/shop-bus is neither a queue nor a stream of the template.",
            "!GetAtt Queue.Arn",
        ),
        (
            "EventSourceArn: !GetAtt Table.StreamArn",
            "EventSourceArn: !GetAtt Table.Arn",
            "Changes",
            "EventSourceArn arn:aws:dynamodb:eu-west-1:123456789012:table/shop-Table is neither a queue nor a stream of the template.",
            "!GetAtt Table.StreamArn",
        ),
        (
            "FunctionName: !Ref BuyFunction",
            "FunctionName: !Ref Bus",
            "Messages",
            "FunctionName shop-bus is not a function of the template.",
            "!Ref Function",
        ),
        ("      FunctionName: !GetAtt BuyFunction.Arn\n", "", "Changes", "FunctionName is missing.", "add"),
        (
            "FunctionName: !Ref BuyFunction",
            "FunctionName: !Ref BuyFunction\n      StartingPosition: LATEST",
            "Messages",
            "StartingPosition is not supported.",
            "remove it",
        ),
        (
            "  Feed:\n",
            "  Again:\n    Type: AWS::Lambda::EventSourceMapping\n    Properties: {EventSourceArn: !GetAtt Queue.Arn, FunctionName: !GetAtt BuyFunction.Arn}\n  Feed:\n",
            "Again",
            "another mapping feeds BuyFunction from here already.",
            "remove one",
        ),
    ]);
}
