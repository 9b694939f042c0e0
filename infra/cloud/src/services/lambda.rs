//! Lambda's interface for callers from outside: functions are listed, described and invoked.
//!
//! AWS: Lambda API reference, Invoke, <https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html>; Actions,
//! resources, and condition keys for AWS Lambda,
//! <https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html>

use std::sync::Arc;

use axum::response::Response;
use bytes::Bytes;
use http::request::Parts;
use http::{HeaderValue, Method, StatusCode};
use serde::de::IgnoredAny;
use serde_json::{Value, json};

use super::access::{Want, of_a_call};
use super::failure::{Failure, Protocol};
use crate::compute::PAYLOAD_LIMIT;
use crate::invoke::{Invoke, InvokeError};
use crate::model::{ACCOUNT, Function, REGION, Stack};
use crate::percent;

const FUNCTIONS: &str = "/2015-03-31/functions";
const LATEST: &str = "$LATEST";
/// Of an event that Lambda keeps until it runs the function.
const ASYNCHRONOUS_LIMIT: usize = 1024 * 1024;

/// What a request asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Operation {
    pub(super) action: &'static str,
    /// The ARN of the function, which need not exist.
    function: Option<String>,
}

/// `None` of what is not served here.
pub(super) fn addressed(method: &Method, path: &str) -> Option<Operation> {
    let path = path.strip_prefix(FUNCTIONS).filter(|rest| rest.is_empty() || rest.starts_with('/'))?;
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    let (action, name) = match (method.as_str(), segments.as_slice()) {
        ("GET", []) => ("ListFunctions", None),
        ("GET", [name]) => ("GetFunction", Some(name)),
        ("POST", [name, "invocations"]) => ("Invoke", Some(name)),
        _ => return None,
    };
    let function = match name {
        Some(name) => Some(arn(&percent::decode(name)?)),
        None => None,
    };
    Some(Operation { action, function })
}

/// A function is named by its name, its ARN, or the ARN without its beginning.
fn arn(name: &str) -> String {
    let whole = format!("arn:aws:lambda:{REGION}:{ACCOUNT}:function:");
    let partial = format!("{ACCOUNT}:function:");
    let name = name.strip_prefix(&whole).or_else(|| name.strip_prefix(&partial)).unwrap_or(name);
    let name = name.strip_suffix(LATEST).and_then(|name| name.strip_suffix(':')).unwrap_or(name);
    format!("{whole}{name}")
}

pub(super) fn want(stack: &Stack, operation: &Operation) -> Want {
    let action = match operation.action {
        "ListFunctions" => "lambda:ListFunctions",
        "GetFunction" => "lambda:GetFunction",
        _ => "lambda:InvokeFunction",
    };
    let policy = find(stack, operation).and_then(|function| function.policy.clone());
    let resource = operation.function.clone().unwrap_or_else(|| "*".to_owned());
    Want { action, resource, context: of_a_call(), policy }
}

fn find<'s>(stack: &'s Stack, operation: &Operation) -> Option<&'s Function> {
    stack.functions.iter().find(|function| Some(&function.arn) == operation.function.as_ref())
}

pub(super) async fn call(
    stack: &Stack,
    functions: &Arc<dyn Invoke>,
    operation: &Operation,
    head: &Parts,
    body: Bytes,
) -> Result<Response, Failure> {
    refuse_unknown(operation, head)?;
    let known = || {
        find(stack, operation).ok_or_else(|| {
            let arn = operation.function.as_deref().unwrap_or_default();
            refused(StatusCode::NOT_FOUND, "ResourceNotFoundException", format!("Function not found: {arn}"))
        })
    };
    let answer = |value: Value| Ok(Protocol::RestJson.answer(StatusCode::OK, value.to_string()));
    match operation.action {
        "ListFunctions" => {
            answer(json!({ "Functions": stack.functions.iter().map(configuration).collect::<Vec<_>>() }))
        }
        "GetFunction" => {
            let function = known()?;
            let mut described = json!({ "Configuration": configuration(function) });
            if let Some(reserved) = function.reserved_concurrency {
                described["Concurrency"] = json!({ "ReservedConcurrentExecutions": reserved });
            }
            answer(described)
        }
        _ => invoke(functions, known()?, head, body).await,
    }
}

/// Ignoring a parameter would answer another question than was asked.
fn refuse_unknown(operation: &Operation, head: &Parts) -> Result<(), Failure> {
    let invalid = |message: String| Err(Failure::refused("InvalidParameterValueException", message));
    for (name, value) in form_urlencoded::parse(head.uri.query().unwrap_or_default().as_bytes()) {
        if operation.action == "ListFunctions" || name != "Qualifier" || value != LATEST {
            return invalid(format!("{name}={value} is not served here"));
        }
    }
    for name in ["x-amz-client-context", "x-amz-log-type", "x-amz-tenant-id"] {
        if head.headers.get(name).is_some_and(|value| value != "None") {
            return invalid(format!("the header {name} is not served here"));
        }
    }
    Ok(())
}

fn configuration(function: &Function) -> Value {
    json!({
        "FunctionName": function.name,
        "FunctionArn": function.arn,
        "Role": function.role_arn,
        "Runtime": "provided.al2023",
        "Handler": "bootstrap",
        "PackageType": "Zip",
        "Description": function.description,
        "Timeout": function.timeout.as_secs(),
        "MemorySize": function.memory_mb,
        "Version": LATEST,
    })
}

async fn invoke(
    functions: &Arc<dyn Invoke>,
    function: &Function,
    head: &Parts,
    body: Bytes,
) -> Result<Response, Failure> {
    let event = if body.is_empty() { Bytes::from_static(b"{}") } else { body };
    serde_json::from_slice::<IgnoredAny>(&event).map_err(|error| {
        let message = format!("Could not parse request body into json: {error}");
        Failure::refused("InvalidRequestContentException", message)
    })?;
    let kind = head.headers.get("x-amz-invocation-type").and_then(|value| value.to_str().ok());
    match kind.unwrap_or("RequestResponse") {
        "RequestResponse" => {
            check_size(&event, PAYLOAD_LIMIT)?;
            answered(functions.invoke(&function.logical_id, event).await)
        }
        "Event" => {
            check_size(&event, ASYNCHRONOUS_LIMIT)?;
            let (functions, function) = (Arc::clone(functions), function.logical_id.clone());
            tokio::spawn(async move {
                if let Err(error) = functions.invoke(&function, event).await {
                    tracing::error!(function, %error, "an asynchronous invocation failed");
                }
            });
            Ok(Protocol::RestJson.answer(StatusCode::ACCEPTED, ""))
        }
        other => {
            let message = format!("the invocation type {other} is not served here");
            Err(Failure::refused("InvalidParameterValueException", message))
        }
    }
}

fn check_size(event: &[u8], limit: usize) -> Result<(), Failure> {
    match event.len() <= limit {
        true => Ok(()),
        false => {
            let message =
                format!("Request must be smaller than {limit} bytes for the InvokeFunction operation");
            Err(refused(StatusCode::PAYLOAD_TOO_LARGE, "RequestTooLargeException", message))
        }
    }
}

/// A function's own error is an answer of Lambda, marked by a header.
fn answered(outcome: Result<Bytes, InvokeError>) -> Result<Response, Failure> {
    let document = |kind: &str, message: String| {
        Bytes::from(json!({ "errorType": kind, "errorMessage": message }).to_string())
    };
    let (body, has_failed) = match outcome {
        Ok(answer) => (answer, false),
        Err(InvokeError::Function(document)) => (Bytes::from(document), true),
        Err(error @ InvokeError::TimedOut) => (document("Sandbox.Timedout", error.to_string()), true),
        Err(error @ InvokeError::Unavailable(_)) => {
            (document("Runtime.InvalidEntrypoint", error.to_string()), true)
        }
        Err(InvokeError::Throttled) => {
            let (status, code) = (StatusCode::TOO_MANY_REQUESTS, "TooManyRequestsException");
            return Err(refused(status, code, "Rate Exceeded.".to_owned()));
        }
    };
    let mut response = Protocol::RestJson.answer(StatusCode::OK, body);
    let headers = response.headers_mut();
    headers.insert("x-amz-executed-version", HeaderValue::from_static(LATEST));
    if has_failed {
        headers.insert("x-amz-function-error", HeaderValue::from_static("Unhandled"));
    }
    Ok(response)
}

fn refused(status: StatusCode, code: &'static str, message: String) -> Failure {
    Failure::Refused { status, code, message }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_is_named_in_each_of_lambda_s_ways() {
        let expected = "arn:aws:lambda:eu-west-1:123456789012:function:shop-Buy";
        for name in [
            "shop-Buy",
            "shop-Buy:$LATEST",
            "123456789012:function:shop-Buy",
            "arn%3Aaws%3Alambda%3Aeu-west-1%3A123456789012%3Afunction%3Ashop-Buy%3A%24LATEST",
        ] {
            let operation = addressed(&Method::POST, &format!("{FUNCTIONS}/{name}/invocations")).unwrap();
            assert_eq!(
                (operation.action, operation.function.as_deref()),
                ("Invoke", Some(expected)),
                "{name}"
            );
        }
        for (method, path) in [
            (Method::DELETE, "/2015-03-31/functions/shop-Buy"),
            (Method::POST, "/2015-03-31/functions"),
            (Method::GET, "/2015-03-31/functions/shop-Buy/policy"),
            (Method::GET, "/2015-03-31/functionsX"),
            (Method::GET, "/2015-03-31/functions/%zz"),
            (Method::GET, "/2018-10-31/layers"),
        ] {
            assert_eq!(addressed(&method, path), None, "{method} {path}");
        }
    }
}
