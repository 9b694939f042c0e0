//! The properties that a template may set and that have no effect here, each with its reason.

use super::nested;

const DESCRIBES: &str = "describes, and changes nothing";
const ON_DISK: &str = "data stays in a file on this machine";
const TAGS: &str = "nothing here is billed or selected by tag";
const NO_METRICS: &str = "there is no CloudWatch here";
const NO_LOGS_SERVICE: &str = "lines are shown in this terminal, and none are kept for reading";

/// Triples of resource type, property and reason.
const TABLE: &[(&str, &str, &str)] = &[
    (nested::TYPE, "Tags", TAGS),
    (nested::TYPE, "TimeoutInMinutes", "everything starts together"),
    ("AWS::CloudWatch::Alarm", "AlarmActions", NO_METRICS),
    ("AWS::CloudWatch::Alarm", "AlarmDescription", NO_METRICS),
    ("AWS::CloudWatch::Alarm", "ComparisonOperator", NO_METRICS),
    ("AWS::CloudWatch::Alarm", "Dimensions", NO_METRICS),
    ("AWS::CloudWatch::Alarm", "EvaluationPeriods", NO_METRICS),
    ("AWS::CloudWatch::Alarm", "MetricName", NO_METRICS),
    ("AWS::CloudWatch::Alarm", "Namespace", NO_METRICS),
    ("AWS::CloudWatch::Alarm", "Period", NO_METRICS),
    ("AWS::CloudWatch::Alarm", "Statistic", NO_METRICS),
    ("AWS::CloudWatch::Alarm", "Threshold", NO_METRICS),
    ("AWS::CloudWatch::Alarm", "TreatMissingData", NO_METRICS),
    ("AWS::DynamoDB::Table", "DeletionProtectionEnabled", "nothing deletes a table here"),
    ("AWS::DynamoDB::Table", "PointInTimeRecoverySpecification", ON_DISK),
    ("AWS::DynamoDB::Table", "SSESpecification", ON_DISK),
    ("AWS::DynamoDB::Table", "Tags", TAGS),
    ("AWS::Events::EventBus", "Description", DESCRIBES),
    ("AWS::Events::EventBus", "Tags", TAGS),
    ("AWS::Events::Rule", "Description", DESCRIBES),
    ("AWS::Events::Rule", "Targets.Id", "a target is known by its queue"),
    ("AWS::Events::Rule", "Targets.DeadLetterConfig", "sending to a queue does not fail here"),
    ("AWS::IAM::ManagedPolicy", "Description", DESCRIBES),
    ("AWS::IAM::Role", "Description", DESCRIBES),
    ("AWS::IAM::Role", "MaxSessionDuration", "a session of a function's session ends after an hour at most"),
    ("AWS::KMS::Key", "Description", DESCRIBES),
    ("AWS::KMS::Key", "PendingWindowInDays", "nothing deletes a key here"),
    ("AWS::KMS::Key", "Tags", TAGS),
    ("AWS::Lambda::EventSourceMapping", "Tags", TAGS),
    ("AWS::Logs::LogGroup", "RetentionInDays", NO_LOGS_SERVICE),
    ("AWS::Logs::LogGroup", "Tags", TAGS),
    ("AWS::Logs::MetricFilter", "FilterPattern", NO_METRICS),
    ("AWS::Logs::MetricFilter", "LogGroupName", NO_METRICS),
    ("AWS::Logs::MetricFilter", "MetricTransformations", NO_METRICS),
    ("AWS::SQS::Queue", "SqsManagedSseEnabled", ON_DISK),
    ("AWS::SQS::Queue", "Tags", TAGS),
    ("AWS::Serverless::Function", "Architectures", "the binary is this machine's own"),
    ("AWS::Serverless::Function", "Description", DESCRIBES),
    ("AWS::Serverless::Function", "Handler", "a custom runtime ignores it"),
    ("AWS::Serverless::Function", "MemorySize", "passed to the function, not enforced"),
    ("AWS::Serverless::Function", "RecursiveLoop", "nothing here detects recursive invocations"),
    ("AWS::Serverless::Function", "Tracing", "there is no X-Ray here"),
    ("AWS::Serverless::HttpApi", "AccessLogSettings", NO_LOGS_SERVICE),
    ("AWS::Serverless::HttpApi", "Description", DESCRIBES),
    ("AWS::Serverless::HttpApi", "Name", DESCRIBES),
    ("AWS::Serverless::HttpApi", "Tags", TAGS),
    ("Output", "Description", DESCRIBES),
    ("Resource", "DeletionPolicy", "nothing deletes a stack here"),
    ("Resource", "DependsOn", "everything starts together"),
    ("Resource", "Metadata", DESCRIBES),
    ("Resource", "UpdateReplacePolicy", "nothing replaces a resource here"),
    ("the event type Schedule", "Description", DESCRIBES),
    ("RouteSettings", "DetailedMetricsEnabled", "there is no CloudWatch here"),
];

pub(super) fn reason(kind: &str, property: &str) -> Option<&'static str> {
    TABLE.iter().find(|(of, name, _)| *of == kind && *name == property).map(|(_, _, reason)| *reason)
}
