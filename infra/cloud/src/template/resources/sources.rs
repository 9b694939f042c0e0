//! `AWS::Lambda::EventSourceMapping`: a stream or a queue that feeds a function.

use std::time::Duration;

use crate::model::{QueueSource, StreamSource};
use crate::pattern::{Dialect, Pattern};
use crate::template::draft::{Draft, DraftSource, Placed};
use crate::template::fields::Fields;

/// The function stands in the model by its name or ARN, until all functions are known.
pub(super) fn event_source_mapping(fields: &mut Fields<'_>, draft: &mut Draft) {
    let (arn_line, function_line) = (fields.line_of("EventSourceArn"), fields.line_of("FunctionName"));
    let (arn, function) = (fields.required_text("EventSourceArn"), fields.required_text("FunctionName"));
    let (Some(arn), Some(function)) = (arn, function) else {
        fields.ignore_others();
        return;
    };
    if arn.starts_with("arn:aws:sqs:") {
        queue(fields, arn.clone(), function.clone(), draft);
    } else if arn.starts_with("arn:aws:dynamodb:") {
        stream(fields, arn.clone(), function.clone(), draft);
    } else {
        fields.ignore_others();
    }
    let source = DraftSource { arn, function, function_place: fields.place(function_line) };
    draft.sources.push(Placed::new(fields, arn_line, source));
}

fn stream(fields: &mut Fields<'_>, stream_arn: String, function: String, draft: &mut Draft) {
    fields.required_choice("StartingPosition", &["TRIM_HORIZON"]);
    fields.choice("ParallelizationFactor", &["1"]);
    fields.choice("MaximumRecordAgeInSeconds", &["-1"]);
    let source = StreamSource {
        logical_id: fields.logical_id.to_owned(),
        function,
        stream_arn,
        enabled: enabled(fields),
        batch_size: fields.number("BatchSize", 1..=10_000).unwrap_or(100) as usize,
        batching_window: batching_window(fields),
        bisect_on_error: fields.boolean("BisectBatchOnFunctionError").unwrap_or(false),
        report_item_failures: reports_item_failures(fields),
        max_retries: max_retries(fields),
        filters: filters(fields),
    };
    draft.stack.stream_sources.push(source);
}

fn max_retries(fields: &mut Fields<'_>) -> Option<u32> {
    let line = fields.line_of("MaximumRetryAttempts");
    let text = fields.text("MaximumRetryAttempts").filter(|text| text != "-1")?;
    let retries = text.parse().ok().filter(|retries| *retries <= 10_000);
    if retries.is_none() {
        fields.refuse(
            line,
            format!("MaximumRetryAttempts {text} is not supported."),
            "write -1, for no limit, or a number up to 10000.",
        );
    }
    retries
}

fn queue(fields: &mut Fields<'_>, queue_arn: String, function: String, draft: &mut Draft) {
    let size_line = fields.line_of("BatchSize");
    let batch_size = fields.number("BatchSize", 1..=10_000).unwrap_or(10);
    let batching_window = batching_window(fields);
    if batch_size > 10 && batching_window.is_zero() {
        let remedy = "set MaximumBatchingWindowInSeconds to 1 or more, or BatchSize to 10 or less.";
        fields.refuse(size_line, format!("BatchSize {batch_size} needs a batching window."), remedy);
    }
    let source = QueueSource {
        logical_id: fields.logical_id.to_owned(),
        function,
        queue_arn,
        enabled: enabled(fields),
        batch_size: batch_size as usize,
        batching_window,
        maximum_concurrency: fields
            .map("ScalingConfig", |scaling| scaling.number("MaximumConcurrency", 2..=1000))
            .flatten(),
        report_item_failures: reports_item_failures(fields),
        filters: filters(fields),
    };
    draft.stack.queue_sources.push(source);
}

fn enabled(fields: &mut Fields<'_>) -> bool {
    fields.boolean("Enabled").unwrap_or(true)
}

fn batching_window(fields: &mut Fields<'_>) -> Duration {
    Duration::from_secs(fields.number("MaximumBatchingWindowInSeconds", 0..=300).unwrap_or(0).into())
}

fn reports_item_failures(fields: &mut Fields<'_>) -> bool {
    let line = fields.line_of("FunctionResponseTypes");
    let types = fields.texts("FunctionResponseTypes").unwrap_or_default();
    for kind in types.iter().filter(|kind| *kind != "ReportBatchItemFailures") {
        fields.refuse(
            line,
            format!("FunctionResponseTypes {kind} is not supported."),
            "use [ReportBatchItemFailures].",
        );
    }
    !types.is_empty()
}

fn filters(fields: &mut Fields<'_>) -> Vec<serde_json::Value> {
    let patterns = fields.map("FilterCriteria", |criteria| {
        criteria.maps("Filters", |filter| {
            let line = filter.line_of("Pattern");
            let pattern = filter.required_text("Pattern")?;
            let parsed = serde_json::from_str(&pattern).ok().filter(serde_json::Value::is_object);
            match parsed.as_ref().map(|pattern| Pattern::compile(pattern, Dialect::SourceFilter)) {
                Some(Ok(_)) => {}
                Some(Err(error)) => filter.refuse(
                    line,
                    format!("this Pattern does not work here: {error}."),
                    "write it with the operators of event filtering.",
                ),
                None => filter.refuse(
                    line,
                    "this Pattern is not a JSON object.",
                    "write an event pattern in JSON, in single quotes.",
                ),
            }
            parsed
        })
    });
    patterns.flatten().unwrap_or_default().into_iter().flatten().collect()
}
