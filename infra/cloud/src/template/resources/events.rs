//! What calls a function: routes, streams and queues.

use std::time::Duration;

use crate::model::{QueueSource, Route, StreamSource};
use crate::pattern::{Dialect, Pattern};
use crate::template::draft::{Draft, DraftRoute, Placed, RouteAuthorizer};
use crate::template::fields::Fields;

const METHODS: &[&str] = &["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

pub(super) fn events(fields: &mut Fields<'_>, draft: &mut Draft) {
    for event in fields.entries("Events") {
        fields.inner("an event", event.line, &event.node, |event_fields| {
            let kind = event_fields.required_choice("Type", &["HttpApi", "DynamoDB", "SQS"]);
            let Some(properties) = event_fields.take("Properties") else {
                event_fields.refuse(
                    event_fields.line,
                    format!("the event {} has no Properties.", event.key),
                    "add Properties.",
                );
                return;
            };
            let Some(kind) = kind else { return };
            let source = format!("{}{}", event_fields.logical_id, event.key);
            event_fields.inner(&format!("the event type {kind}"), event.line, &properties.node, |fields| {
                match kind.as_str() {
                    "HttpApi" => route(fields, draft),
                    "DynamoDB" => stream(fields, &source, draft),
                    _ => queue(fields, &source, draft),
                }
            });
        });
    }
}

fn route(fields: &mut Fields<'_>, draft: &mut Draft) {
    fields.choice("PayloadFormatVersion", &["2.0"]);
    let authorizer = authorizer(fields);
    let (method_line, path_line) = (fields.line_of("Method"), fields.line_of("Path"));
    let parts = (fields.required_text("ApiId"), fields.required_text("Method"), fields.required_text("Path"));
    let (Some(api), Some(method), Some(path)) = parts else {
        return;
    };
    let method = method.to_ascii_uppercase();
    if !METHODS.contains(&method.as_str()) {
        fields.refuse(
            method_line,
            format!("Method {method} is not supported."),
            format!("name one method: {}.", METHODS.join(", ")),
        );
        return;
    }
    if !is_path(&path) {
        fields.refuse(
            path_line,
            format!("Path {path} is not supported."),
            "write /segments, where a segment is plain text or one {name}.",
        );
        return;
    }
    let route = Route { method, path, function: fields.logical_id.to_owned(), authorizer: None };
    draft.routes.push(Placed::new(fields, path_line, DraftRoute { api, route, authorizer }));
}

fn authorizer(fields: &mut Fields<'_>) -> RouteAuthorizer {
    match fields.map("Auth", |auth| auth.text("Authorizer")).flatten().as_deref() {
        None => RouteAuthorizer::Default,
        Some("NONE") => RouteAuthorizer::None,
        Some(name) => RouteAuthorizer::Named(name.to_owned()),
    }
}

fn is_path(path: &str) -> bool {
    let is_name = |name: &str| {
        !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
    };
    let is_segment = |segment: &str| match segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
        Some(name) => is_name(name),
        None => !segment.is_empty() && !segment.contains(['{', '}', '?', '#', ' ', '+', '*', '$']),
    };
    path == "/" || path.strip_prefix('/').is_some_and(|rest| rest.split('/').all(is_segment))
}

fn stream(fields: &mut Fields<'_>, source: &str, draft: &mut Draft) {
    let line = fields.line_of("Stream");
    let Some(stream_arn) = fields.required_text("Stream") else {
        return;
    };
    fields.required_choice("StartingPosition", &["TRIM_HORIZON"]);
    fields.choice("ParallelizationFactor", &["1"]);
    fields.choice("MaximumRecordAgeInSeconds", &["-1"]);
    let max_retries = max_retries(fields);
    let (filters, report_item_failures) = (filters(fields), reports_item_failures(fields));
    draft.stream_sources.push(Placed::new(fields, line, stream_arn.clone()));
    draft.stack.stream_sources.push(StreamSource {
        logical_id: source.to_owned(),
        function: fields.logical_id.to_owned(),
        stream_arn,
        enabled: enabled(fields),
        batch_size: fields.number("BatchSize", 1..=10_000).unwrap_or(100) as usize,
        batching_window: batching_window(fields),
        bisect_on_error: fields.boolean("BisectBatchOnFunctionError").unwrap_or(false),
        report_item_failures,
        max_retries,
        filters,
    });
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

fn queue(fields: &mut Fields<'_>, source: &str, draft: &mut Draft) {
    let line = fields.line_of("Queue");
    let Some(queue_arn) = fields.required_text("Queue") else {
        return;
    };
    let (filters, report_item_failures) = (filters(fields), reports_item_failures(fields));
    let size_line = fields.line_of("BatchSize");
    let batch_size = fields.number("BatchSize", 1..=10_000).unwrap_or(10);
    let batching_window = batching_window(fields);
    if batch_size > 10 && batching_window.is_zero() {
        let remedy = "set MaximumBatchingWindowInSeconds to 1 or more, or BatchSize to 10 or less.";
        fields.refuse(size_line, format!("BatchSize {batch_size} needs a batching window."), remedy);
    }
    let maximum_concurrency =
        fields.map("ScalingConfig", |scaling| scaling.number("MaximumConcurrency", 2..=1000)).flatten();
    draft.queue_sources.push(Placed::new(fields, line, (queue_arn.clone(), fields.logical_id.to_owned())));
    draft.stack.queue_sources.push(QueueSource {
        logical_id: source.to_owned(),
        function: fields.logical_id.to_owned(),
        queue_arn,
        enabled: enabled(fields),
        batch_size: batch_size as usize,
        batching_window,
        maximum_concurrency,
        report_item_failures,
        filters,
    });
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
