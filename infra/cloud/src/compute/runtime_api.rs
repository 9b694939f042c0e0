//! The Lambda Runtime API. Each process has a path of its own, which identifies the caller.

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use bytes::Bytes;

use super::dispatch::Shared;
use super::process::{Answer, Process};
use super::{PAYLOAD_LIMIT, runtime_error, trace};
use crate::invoke::InvokeError;

const ACCEPTED: &str = r#"{"status":"OK"}"#;

pub(crate) fn router(shared: Arc<Shared>) -> Router {
    const BASE: &str = "/{function}/{process}/2018-06-01/runtime";
    Router::new()
        .route(&format!("{BASE}/invocation/next"), get(next))
        .route(&format!("{BASE}/invocation/{{request}}/response"), post(response))
        .route(&format!("{BASE}/invocation/{{request}}/error"), post(error))
        .route(&format!("{BASE}/init/error"), post(init_error))
        // `response` enforces Lambda's limit instead, and reports it in Lambda's form.
        .layer(DefaultBodyLimit::disable())
        .with_state(shared)
}

async fn next(
    State(shared): State<Arc<Shared>>,
    Path((function, process)): Path<(String, String)>,
) -> Response {
    let Some(process) = shared.process(&function, &process) else {
        return unknown_process();
    };
    let Some(invocation) = process.next().await else {
        return unknown_process();
    };
    let arn = shared.function(&function).map(|function| function.arn.clone()).unwrap_or_default();
    let headers = [
        ("content-type", "application/json".to_owned()),
        ("lambda-runtime-aws-request-id", invocation.request_id),
        ("lambda-runtime-deadline-ms", invocation.deadline_ms.to_string()),
        ("lambda-runtime-invoked-function-arn", arn),
        ("lambda-runtime-trace-id", trace::header()),
    ];
    (headers, invocation.event).into_response()
}

async fn response(
    State(shared): State<Arc<Shared>>,
    Path((function, process, request)): Path<(String, String, String)>,
    body: Bytes,
) -> Response {
    let Some(process) = shared.process(&function, &process) else {
        return unknown_process();
    };
    if body.len() > PAYLOAD_LIMIT {
        let message =
            format!("Response payload size exceeded maximum allowed payload size ({PAYLOAD_LIMIT} bytes).");
        process.answer(&request, Err(runtime_error("Function.ResponseSizeTooLarge", &message)));
        return refusal(StatusCode::PAYLOAD_TOO_LARGE, "RequestEntityTooLarge", &message);
    }
    accept(&process, &request, Ok(body))
}

async fn error(
    State(shared): State<Arc<Shared>>,
    Path((function, process, request)): Path<(String, String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let Some(process) = shared.process(&function, &process) else {
        return unknown_process();
    };
    let failure = match body.is_empty() {
        true => runtime_error(error_type(&headers), ""),
        false => InvokeError::Function(String::from_utf8_lossy(&body).into_owned()),
    };
    accept(&process, &request, Err(failure))
}

async fn init_error(
    State(shared): State<Arc<Shared>>,
    Path((function, process)): Path<(String, String)>,
    body: Bytes,
) -> Response {
    let Some(process) = shared.process(&function, &process) else {
        return unknown_process();
    };
    process.fail_init(String::from_utf8_lossy(&body).into_owned());
    (StatusCode::ACCEPTED, ACCEPTED).into_response()
}

fn accept(process: &Process, request: &str, answer: Answer) -> Response {
    match process.answer(request, answer) {
        true => (StatusCode::ACCEPTED, ACCEPTED).into_response(),
        false => refusal(StatusCode::BAD_REQUEST, "InvalidRequestID", "Invalid request ID"),
    }
}

fn error_type(headers: &HeaderMap) -> &str {
    headers
        .get("lambda-runtime-function-error-type")
        .and_then(|value| value.to_str().ok())
        .unwrap_or("Unhandled")
}

fn unknown_process() -> Response {
    refusal(StatusCode::FORBIDDEN, "InvalidStateTransition", "no such process")
}

fn refusal(status: StatusCode, kind: &str, message: &str) -> Response {
    (status, serde_json::json!({"errorType": kind, "errorMessage": message}).to_string()).into_response()
}
