//! Log groups whose lines CloudWatch would not deliver, or without end.

use super::assert_refused;

const DESTINATION: &str = "DestinationArn: !GetAtt CheckFunction.Arn";
const SOURCE: &str = "SourceArn: !GetAtt Lines.Arn";

#[test]
fn a_function_that_cloudwatch_may_not_call() {
    let denied = "CloudWatch may not call CheckFunction with lines of Lines: no policy of \
                  arn:aws:lambda:eu-west-1:123456789012:function:shop-CheckFunction allows lambda:InvokeFunction to \
                  logs.amazonaws.com.";
    let other_group =
        SOURCE.replace("!GetAtt Lines.Arn", "!Sub 'arn:aws:logs:eu-west-1:123456789012:log-group:other:*'");
    let without_star =
        SOURCE.replace("!GetAtt Lines.Arn", "arn:aws:logs:eu-west-1:123456789012:log-group:shop/lines");
    let other_account = "SourceAccount: '210987654321'";
    for (find, replace) in [
        (SOURCE, other_group.as_str()),
        (SOURCE, without_star.as_str()),
        (SOURCE, other_account),
        ("Principal: logs.amazonaws.com", "Principal: events.amazonaws.com"),
        ("FunctionName: !Ref CheckFunction", "FunctionName: !Ref BuyFunction"),
    ] {
        assert_refused(&[(find, replace, "LinesToCheck", denied, "SourceArn: !GetAtt Lines.Arn")]);
    }
}

#[test]
fn a_function_that_feeds_itself() {
    let loops = "the lines of this log group would make more lines of it without end.";
    let itself = "FunctionName: !Ref BuyFunction\n      Principal: logs";
    let text = super::base_with("FunctionName: !Ref CheckFunction\n      Principal: logs", itself).replacen(
        DESTINATION,
        "DestinationArn: !GetAtt BuyFunction.Arn",
        1,
    );
    let refusals = super::parse_base(&text, &[]).unwrap_err();
    assert_eq!(refusals.refusals.len(), 1, "{refusals}");
    assert_eq!((&*refusals.refusals[0].logical_id, &*refusals.refusals[0].problem), ("LinesToCheck", loops));

    let back = "  CheckLines:
    Type: AWS::Logs::LogGroup
    Properties: {LogGroupName: /aws/lambda/shop-CheckFunction}
  Back:
    Type: AWS::Logs::SubscriptionFilter
    Properties:
      LogGroupName: !Ref CheckLines
      FilterPattern: ''
      DestinationArn: !GetAtt BuyFunction.Arn
  BackMayCall:
    Type: AWS::Lambda::Permission
    Properties:
      Action: lambda:InvokeFunction
      FunctionName: !Ref BuyFunction
      Principal: logs.amazonaws.com
      SourceArn: !GetAtt CheckLines.Arn
  Table:
    Type: AWS::DynamoDB::Table";
    assert_refused(&[(
        "  Table:\n    Type: AWS::DynamoDB::Table",
        back,
        "Back",
        loops,
        "a log group of its own",
    )]);
}

#[test]
fn subscriptions_of_things_that_are_not_there() {
    let permission = "Principal: logs.amazonaws.com";
    assert_refused(&[
        (
            "      LogGroupName: !Ref Lines\n",
            "      LogGroupName: elsewhere\n",
            "LinesToCheck",
            "LogGroupName elsewhere is not a log group of the template.",
            "!Ref of a log group",
        ),
        (
            DESTINATION,
            "DestinationArn: !GetAtt Queue.Arn",
            "LinesToCheck",
            "DestinationArn arn:aws:sqs:eu-west-1:123456789012:shop-Queue is not a function of the template.",
            "!GetAtt Function.Arn",
        ),
        (
            DESTINATION,
            "DestinationArn: !GetAtt CheckFunction.Arn\n      RoleArn: arn:aws:iam::123456789012:role/x",
            "LinesToCheck",
            "RoleArn is not supported.",
            "remove it",
        ),
        (
            permission,
            "Principal: s3.amazonaws.com",
            "LinesMayCall",
            "Principal s3.amazonaws.com is not supported.",
            "logs.amazonaws.com",
        ),
        (
            "LoggingConfig: {LogGroup: !Ref Lines}",
            "LoggingConfig: {LogGroup: !Ref Lines, LogFormat: JSON}",
            "BuyFunction",
            "LoggingConfig.LogFormat JSON is not supported.",
            "Text",
        ),
    ]);
}

#[test]
fn patterns_that_are_not_read_here() {
    let pattern = "FilterPattern: '{ $.kind = \"buy\" }'";
    for (text, why) in [
        ("ERROR", "`ERROR` is no part of a pattern for JSON"),
        ("'{ $.a = %x% }'", "`= %x%` is no part of a pattern for JSON"),
        ("'{ $.a EXISTS }'", "CloudWatch has no EXISTS: write = \"*\", or NOT EXISTS"),
    ] {
        assert_refused(&[(
            pattern,
            &format!("FilterPattern: {text}"),
            "LinesToCheck",
            &format!("this FilterPattern does not work here: {why}."),
            "a pattern for JSON",
        )]);
    }
}

#[test]
fn a_third_filter_of_a_log_group() {
    let filter = |id: &str| {
        format!(
            "  {id}:\n    Type: AWS::Logs::SubscriptionFilter\n    Properties: {{LogGroupName: !Ref Lines, FilterPattern: '', DestinationArn: !GetAtt CheckFunction.Arn}}\n"
        )
    };
    let more = format!("{}{}  LinesMayCall:", filter("Second"), filter("Third"));
    assert_refused(&[(
        "  LinesMayCall:",
        &more,
        "Third",
        "Lines has 2 subscription filters already.",
        "remove one",
    )]);
}
