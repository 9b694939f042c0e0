//! The routes and schedules that call a function.

use serde::de::IgnoredAny;

use crate::model::{Route, RouteAuthorizer, Schedule};
use crate::schedule::ScheduleExpression;
use crate::template::draft::{AskedAuthorizer, Draft, DraftRoute, Placed};
use crate::template::fields::Fields;
use crate::template::identities::{self, Identity};

const SCHEDULE: &str = "Schedule";
const METHODS: &[&str] = &["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

pub(super) fn events(fields: &mut Fields<'_>, identity: &Identity, draft: &mut Draft) {
    for event in fields.entries("Events") {
        fields.inner("an event", event.line, &event.node, |event_fields| {
            let Some(kind) = kind(event_fields) else {
                event_fields.take("Properties");
                return;
            };
            let Some(properties) = event_fields.take("Properties") else {
                event_fields.refuse(
                    event_fields.line,
                    format!("the event {} has no Properties.", event.key),
                    "add Properties.",
                );
                return;
            };
            event_fields.inner(&format!("the event type {kind}"), event.line, &properties.node, |fields| {
                match kind.as_str() {
                    SCHEDULE => schedule(fields, &event.key, identity, draft),
                    _ => route(fields, &identity.home.stack, draft),
                }
            });
        });
    }
}

/// SAM would give a function that it feeds one of AWS's managed policies, whose `Resource` is `*`.
fn kind(event: &mut Fields<'_>) -> Option<String> {
    let line = event.line_of("Type");
    let kind = event.required_text("Type")?;
    let remedy = match kind.as_str() {
        "HttpApi" | SCHEDULE => return Some(kind),
        "DynamoDB" => {
            "write an AWS::Lambda::EventSourceMapping, and a statement for the function's role that allows to read \
             this one stream: SAM would allow it every stream."
        }
        "SQS" => {
            "write an AWS::Lambda::EventSourceMapping, and a statement for the function's role that allows to receive \
             from this one queue: SAM would allow it every queue."
        }
        "CloudWatchLogs" => "write an AWS::Logs::SubscriptionFilter, and an AWS::Lambda::Permission.",
        _ => "use HttpApi or Schedule, or an AWS::Lambda::EventSourceMapping.",
    };
    event.refuse(line, format!("Type {kind} is not supported."), remedy);
    None
}

/// SAM makes a rule of it, on the account's own bus, which calls the function.
fn schedule(fields: &mut Fields<'_>, event: &str, function: &Identity, draft: &mut Draft) {
    let logical_id = format!("{}{event}", fields.logical_id);
    let name = fields.text("Name").unwrap_or_else(|| format!("{}-{logical_id}", function.home.stack));
    let (line, input_line) = (fields.line_of("Schedule"), fields.line_of("Input"));
    let enabled = fields.boolean("Enabled").unwrap_or(true);
    let input = fields.text("Input");
    if input.as_deref().is_some_and(|input| serde_json::from_str::<IgnoredAny>(input).is_err()) {
        fields.refuse(input_line, "Input is not JSON.", "write JSON: EventBridge takes no other text.");
    }
    let Some(expression) = fields.required_text("Schedule") else { return };
    if let Err(error) = ScheduleExpression::parse(&expression) {
        let problem = format!("this Schedule does not work here: {error}.");
        fields.refuse(line, problem, "write rate(5 minutes), or cron(0 3 * * ? *) in UTC.");
    }
    draft.stack.schedules.push(Schedule {
        logical_id,
        arn: identities::arn("events", &format!("rule/{name}")),
        function: fields.logical_id.to_owned(),
        expression,
        enabled,
        input,
    });
}

fn route(fields: &mut Fields<'_>, stack: &str, draft: &mut Draft) {
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
    let route =
        Route { method, path, function: fields.logical_id.to_owned(), authorizer: RouteAuthorizer::None };
    let route = DraftRoute { stack: stack.to_owned(), api, route, authorizer };
    draft.routes.push(Placed::new(fields, path_line, route));
}

fn authorizer(fields: &mut Fields<'_>) -> AskedAuthorizer {
    match fields.map("Auth", |auth| auth.text("Authorizer")).flatten().as_deref() {
        None => AskedAuthorizer::Default,
        Some("NONE") => AskedAuthorizer::None,
        Some(name) => AskedAuthorizer::Named(name.to_owned()),
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
