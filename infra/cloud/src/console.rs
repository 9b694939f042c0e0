//! A page that shows what the cloud does: functions, what they were denied, routes, queues, mails and events.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use http::{HeaderName, StatusCode, header};
use serde_json::{Value, json};

use crate::backend::Functions;
use crate::model::{Function, Route, RouteAuthorizer, Stack};
use crate::services::{Denied, Services};

const PAGE: &str = include_str!("console.html");
const SHOWN_MAILS: usize = 20;
const SHOWN_EVENTS: usize = 50;

/// The page may run its inline script and call its own server, and load nothing else. The frames of mails inherit it.
const POLICY: (HeaderName, &str) = (
    header::CONTENT_SECURITY_POLICY,
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; connect-src 'self'",
);

const JSON: [(HeaderName, &str); 1] = [(header::CONTENT_TYPE, "application/json")];

#[derive(Clone)]
pub(crate) struct Console {
    pub(crate) stack: Arc<Stack>,
    pub(crate) services: Arc<Services>,
    pub(crate) functions: Functions,
    pub(crate) url: String,
}

pub(crate) fn router(console: Console) -> Router {
    Router::new()
        .route("/", get(async || ([POLICY], Html(PAGE))))
        .route("/state", get(state))
        .with_state(console)
}

/// Runs on a blocking thread, since queues and mails are read from disk.
async fn state(State(console): State<Console>) -> Response {
    match tokio::task::spawn_blocking(move || console.state().to_string()).await {
        Ok(state) => (JSON, state).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

impl Console {
    fn state(&self) -> Value {
        json!({
            "stack": self.stack.name,
            "url": self.url,
            "functions": self.functions(),
            "denied": self.denied(),
            "routes": self.routes(),
            "queues": self.queues(),
            "mails": self.mails(),
            "events": self.events(),
        })
    }

    fn functions(&self) -> Vec<Value> {
        let stats = self.functions.stats();
        let show = |function: &Function| {
            let stats = stats.get(&function.logical_id).copied().unwrap_or_default();
            json!({
                "id": function.logical_id,
                "invocations": stats.invocations,
                "errors": stats.errors,
                "coldStarts": stats.cold_starts,
                "milliseconds": stats.duration.as_secs_f64() * 1000.0,
                "processes": stats.processes,
            })
        };
        self.stack.functions.iter().map(show).collect()
    }

    /// Newest first, like the events.
    fn denied(&self) -> Vec<Value> {
        let denied = self.services.denied();
        let show = |one: &Denied| {
            json!({
                "caller": one.caller, "principal": one.principal, "action": one.action,
                "resource": one.resource, "reason": one.reason,
            })
        };
        denied.iter().rev().take(SHOWN_EVENTS).map(show).collect()
    }

    fn routes(&self) -> Vec<Value> {
        let routes = self.stack.apis.iter().flat_map(|api| api.routes.iter().map(move |route| (api, route)));
        routes.map(|(api, route)| json!({"api": api.logical_id, "method": route.method, "path": route.path, "function": route.function, "authorizer": authorizer(route)})).collect()
    }

    fn queues(&self) -> Vec<Value> {
        let is_dead_letter_queue = |name: &str| {
            let arn = self.stack.queues.iter().find(|queue| queue.name == name).map(|queue| &queue.arn);
            self.stack
                .queues
                .iter()
                .filter_map(|queue| queue.redrive.as_ref())
                .any(|redrive| Some(&redrive.dead_letter_arn) == arn)
        };
        let depths = self.services.queue_depths();
        depths
            .iter()
            .map(|depth| json!({"name": depth.queue, "visible": depth.visible, "inFlight": depth.in_flight, "deadLetters": is_dead_letter_queue(&depth.queue)}))
            .collect()
    }

    /// Newest first, like the events.
    fn mails(&self) -> Vec<Value> {
        let mails = self.services.mailbox();
        let newest = mails.iter().rev().take(SHOWN_MAILS);
        newest.map(|mail| json!({"from": mail.from, "to": mail.to, "subject": mail.subject, "text": mail.text, "html": mail.html, "id": mail.id, "sentAt": mail.sent_at})).collect()
    }

    fn events(&self) -> Vec<Value> {
        let events = self.services.recent_events();
        events
            .iter()
            .rev()
            .take(SHOWN_EVENTS)
            .map(|recent| json!({"event": recent.event, "queues": recent.queues}))
            .collect()
    }
}

/// None of an open route.
fn authorizer(route: &Route) -> Option<&str> {
    match &route.authorizer {
        RouteAuthorizer::None => None,
        RouteAuthorizer::Lambda(name) => Some(name),
        RouteAuthorizer::Iam => Some("AWS_IAM"),
    }
}
