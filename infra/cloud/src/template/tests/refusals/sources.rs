//! Settings of event sources that Lambda or the local cloud refuses.

use super::assert_refused;

const QUEUE: &str = "Queue: !GetAtt Queue.Arn\n  Table:";

#[test]
fn a_maximum_concurrency_that_lambda_refuses() {
    for value in ["0", "1", "1001", "many"] {
        let scaled = format!(
            "Queue: !GetAtt Queue.Arn\n            ScalingConfig:\n              MaximumConcurrency: {value}\n  Table:"
        );
        assert_refused(&[(
            QUEUE,
            &scaled,
            "BuyFunction",
            "ScalingConfig.MaximumConcurrency is not a number that is allowed.",
            "write a whole number from 2 to 1000",
        )]);
    }
}

#[test]
fn a_source_is_enabled_or_not() {
    assert_refused(&[(
        QUEUE,
        "Queue: !GetAtt Queue.Arn\n            Enabled: later\n  Table:",
        "BuyFunction",
        "Enabled is neither true nor false.",
        "write true or false",
    )]);
}
