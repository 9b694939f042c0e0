//! Schedules that EventBridge or the local cloud refuses.

use super::assert_refused;

#[test]
fn schedules_that_are_not_read_here() {
    let event = |properties: &str| format!("Properties: {{{properties}}}");
    let find = "Properties: {Schedule: cron(0 3 * * ? *)}";
    for (properties, problem, remedy) in [
        (
            "Schedule: cron(0 3 L * ? *)",
            "this Schedule does not work here: cron(0 3 L * ? *): L, W and # are not read here, and names have three letters.",
            "rate(5 minutes)",
        ),
        (
            "Schedule: rate(1 minutes)",
            "this Schedule does not work here: rate(1 minutes) is not a number and minute(s), hour(s) or day(s), singular after 1.",
            "rate(5 minutes)",
        ),
        ("Enabled: true", "Schedule is missing.", "add Schedule"),
        ("Schedule: rate(1 day), Input: soon", "Input is not JSON.", "write JSON"),
        ("Schedule: rate(1 day), State: DISABLED", "State is not supported.", "remove it"),
        (
            "Schedule: rate(1 day), RetryPolicy: {MaximumRetryAttempts: 1}",
            "RetryPolicy is not supported.",
            "remove it",
        ),
    ] {
        assert_refused(&[(find, &event(properties), "BuyFunction", problem, remedy)]);
    }
}

#[test]
fn what_sam_makes_of_log_groups_is_refused() {
    assert_refused(&[(
        "Type: Schedule\n          Properties: {Schedule: cron(0 3 * * ? *)}",
        "Type: CloudWatchLogs\n          Properties: {LogGroupName: x, FilterPattern: ''}",
        "BuyFunction",
        "Type CloudWatchLogs is not supported.",
        "AWS::Logs::SubscriptionFilter",
    )]);
}
