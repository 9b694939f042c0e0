//! What calls functions beside the API: streams, queues, the clock and log groups.

use std::time::Duration;

/// A DynamoDB stream that feeds a function.
#[derive(Debug, Clone)]
pub struct StreamSource {
    pub logical_id: String,
    pub function: String,
    pub stream_arn: String,
    /// Whether the source reads from the start on.
    pub enabled: bool,
    pub batch_size: usize,
    pub batching_window: Duration,
    pub bisect_on_error: bool,
    pub report_item_failures: bool,
    /// `None` retries without limit.
    pub max_retries: Option<u32>,
    /// An empty list passes every record.
    pub filters: Vec<serde_json::Value>,
}

/// An SQS queue that feeds a function.
#[derive(Debug, Clone)]
pub struct QueueSource {
    pub logical_id: String,
    pub function: String,
    pub queue_arn: String,
    pub enabled: bool,
    pub batch_size: usize,
    pub batching_window: Duration,
    /// The most invocations of the function at a time on behalf of this source; `None` leaves it to Lambda.
    pub maximum_concurrency: Option<u32>,
    pub report_item_failures: bool,
    pub filters: Vec<serde_json::Value>,
}

/// A rule of EventBridge that calls a function by the clock: SAM's event `Schedule`.
#[derive(Debug, Clone)]
pub struct Schedule {
    /// That of the rule that SAM makes: the function's and the event's.
    pub logical_id: String,
    /// Of the rule.
    pub arn: String,
    /// The logical id of the function.
    pub function: String,
    /// `rate(…)` or `cron(…)`.
    pub expression: String,
    pub enabled: bool,
    /// JSON that the function gets in place of the event.
    pub input: Option<String>,
}

#[derive(Debug, Clone)]
pub struct LogGroup {
    pub logical_id: String,
    pub name: String,
    /// It ends with `:*`, as CloudFormation's does.
    pub arn: String,
}

/// A function that gets the lines of a log group which match.
#[derive(Debug, Clone)]
pub struct LogSubscription {
    pub logical_id: String,
    /// The filter's name.
    pub name: String,
    /// The name of the log group.
    pub log_group: String,
    /// A filter pattern of CloudWatch.
    pub pattern: String,
    /// The logical id of the function.
    pub function: String,
}
