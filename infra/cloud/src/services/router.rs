//! Serves all services on one port, and distinguishes them by the form of their requests.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, Method, StatusCode, header};
use serde_json::Value;

use super::Services;
use super::access::{Denied, Want, dynamodb_wants, wants};
use super::credentials::{Caller, Origin, Unidentified};
use super::failure::{Failure, Protocol};
use super::faults::Aftermath;
use super::queues::protocol as sqs;
use super::signature::Received;
use super::wire::Way;
use super::{events, lambda, mail, sts};
use crate::invoke::Invoke;
use crate::model::Stack;

const MAX_BODY: usize = 16 * 1024 * 1024;

pub(super) fn router(services: Arc<Services>, functions: Arc<dyn Invoke>) -> Router {
    Router::new().fallback(handle).with_state(Served { services, functions })
}

#[derive(Clone)]
struct Served {
    services: Arc<Services>,
    /// What Lambda invokes. The services do not hold it, since it holds them.
    functions: Arc<dyn Invoke>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Service {
    DynamoDb,
    Kms,
    EventBridge,
    Sqs,
    Ses,
    Sts,
    Lambda,
}

impl Service {
    fn protocol(self) -> Protocol {
        match self {
            Service::DynamoDb | Service::Sqs => Protocol::Json10,
            Service::Kms | Service::EventBridge => Protocol::Json11,
            Service::Ses | Service::Lambda => Protocol::RestJson,
            Service::Sts => Protocol::Query,
        }
    }

    fn denied(self, denied: Denied) -> Failure {
        let message = denied.message;
        match self {
            Service::Sts => Failure::forbidden("AccessDenied", message),
            Service::Ses | Service::Lambda => Failure::forbidden("AccessDeniedException", message),
            Service::Sqs => Failure::forbidden("com.amazonaws.sqs#AccessDenied", message),
            Service::DynamoDb => Failure::refused("com.amazon.coral.service#AccessDeniedException", message),
            Service::Kms | Service::EventBridge => Failure::refused("AccessDeniedException", message),
        }
    }

    /// The service's name in the scope of a signature.
    fn signing_name(self) -> &'static str {
        match self {
            Service::DynamoDb => "dynamodb",
            Service::Kms => "kms",
            Service::EventBridge => "events",
            Service::Sqs => "sqs",
            Service::Ses => "ses",
            Service::Sts => "sts",
            Service::Lambda => "lambda",
        }
    }

    fn unidentified(self, why: Unidentified) -> Failure {
        const INVALID: &str = "The security token included in the request is invalid.";
        const EXPIRED: &str = "The security token included in the request is expired";
        const MISSING: &str = "Missing Authentication Token";
        match (self, why) {
            (Service::Sts, Unidentified::Unsigned) => {
                Failure::forbidden("MissingAuthenticationToken", MISSING)
            }
            (Service::Sts, Unidentified::Unknown) => Failure::forbidden("InvalidClientTokenId", INVALID),
            (Service::Sts, Unidentified::Expired) => Failure::forbidden("ExpiredToken", EXPIRED),
            (Service::Ses | Service::Lambda, Unidentified::Unsigned) => {
                Failure::forbidden("MissingAuthenticationTokenException", MISSING)
            }
            (Service::Ses | Service::Lambda, Unidentified::Unknown) => {
                Failure::forbidden("UnrecognizedClientException", INVALID)
            }
            (Service::Sts, Unidentified::Incomplete(why)) => Failure::forbidden("IncompleteSignature", why),
            (Service::Sts, Unidentified::Mismatch(why)) => Failure::forbidden("SignatureDoesNotMatch", why),
            (Service::Ses | Service::Lambda, Unidentified::Incomplete(why)) => {
                Failure::forbidden("IncompleteSignatureException", why)
            }
            (Service::Ses | Service::Lambda, Unidentified::Mismatch(why)) => {
                Failure::forbidden("InvalidSignatureException", why)
            }
            (Service::Ses | Service::Lambda, Unidentified::Expired) => {
                Failure::forbidden("ExpiredTokenException", EXPIRED)
            }
            (_, Unidentified::Unsigned) => Failure::refused("MissingAuthenticationTokenException", MISSING),
            (_, Unidentified::Unknown) => Failure::refused("UnrecognizedClientException", INVALID),
            (_, Unidentified::Expired) => Failure::refused("ExpiredTokenException", EXPIRED),
            (_, Unidentified::Incomplete(why)) => Failure::refused("IncompleteSignatureException", why),
            (_, Unidentified::Mismatch(why)) => Failure::refused("InvalidSignatureException", why),
        }
    }
}

async fn handle(State(served): State<Served>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Some((service, action)) = addressed(&parts) else {
        let message = format!("{} {} is not served here", parts.method, parts.uri.path());
        let failure =
            Failure::Refused { status: StatusCode::NOT_FOUND, code: "UnknownOperationException", message };
        return failure.into_response(Protocol::Json10);
    };
    match answer(&served, service, &action, &parts, body).await {
        Ok(response) => response,
        Err(failure) => {
            tracing::debug!(action, ?failure, "refused");
            failure.into_response(service.protocol())
        }
    }
}

/// The service and the action; STS names its action in the body.
fn addressed(parts: &Parts) -> Option<(Service, String)> {
    if let Some(operation) = lambda::addressed(&parts.method, parts.uri.path()) {
        return Some((Service::Lambda, operation.action.to_owned()));
    }
    if parts.method != Method::POST {
        return None;
    }
    if parts.uri.path() == "/v2/email/outbound-emails" {
        return Some((Service::Ses, "SendEmail".to_owned()));
    }
    if let Some(target) = parts.headers.get("x-amz-target") {
        let (prefix, action) = target.to_str().ok()?.rsplit_once('.')?;
        let service = match prefix {
            "DynamoDB_20120810" => Service::DynamoDb,
            "TrentService" => Service::Kms,
            "AWSEvents" => Service::EventBridge,
            "AmazonSQS" => Service::Sqs,
            _ => return None,
        };
        return Some((service, action.to_owned()));
    }
    let content_type = parts.headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    content_type.starts_with("application/x-www-form-urlencoded").then(|| (Service::Sts, String::new()))
}

async fn answer(
    Served { services, functions }: &Served,
    service: Service,
    action: &str,
    parts: &Parts,
    body: Body,
) -> Result<Response, Failure> {
    let body = to_bytes(body, MAX_BODY).await.map_err(|error| Failure::Refused {
        status: StatusCode::PAYLOAD_TOO_LARGE,
        code: "RequestEntityTooLargeException",
        message: error.to_string(),
    })?;
    let Parts { method, uri, headers, .. } = parts;
    let caller = services
        .credentials
        .identify(Received { method, uri, headers, body: &body }, service.signing_name())
        .map_err(|why| service.unidentified(why))?;
    let caller = match (&caller.origin, calling_function(&services.stack, headers)) {
        (Origin::Function(_), Some(function)) => Caller { origin: Origin::Function(function), ..caller },
        _ => caller,
    };
    let form = sts::Form::parse(if service == Service::Sts { &body } else { &[] });
    let action = form.get("Action").unwrap_or(action);
    services.calls.count(&caller.origin.to_string(), action);
    match service {
        Service::DynamoDb => {
            Ok(json_answer(service, &dynamodb_call(services, action, &body, &caller).await?))
        }
        // STS decides by the role that is to be assumed.
        Service::Sts => {
            let aftermath = services.faults.meet(action, Vec::new).await?;
            aftermath.of(sts::call(services, caller, &form))
        }
        Service::Lambda => {
            let Some(operation) = lambda::addressed(method, uri.path()) else { return Err(unknown(action)) };
            check(services, service, &caller, &[lambda::want(&services.stack, &operation)])?;
            let aftermath = services.faults.meet(action, Vec::new).await?;
            aftermath.of(lambda::call(&services.stack, functions, &operation, parts, body).await)
        }
        _ => {
            check(services, service, &caller, &wants(&services.stack, service, action, &body))?;
            let keys = || match service {
                Service::EventBridge => events::detail_types(&body),
                _ => Vec::new(),
            };
            let aftermath = services.faults.meet(action, keys).await?;
            let answer = json_call(services, service, action, &body, &caller, &aftermath).await;
            Ok(json_answer(service, &aftermath.of(answer)?))
        }
    }
}

/// The function that the user agent names, in `app/<name>`. The session may have come to it from another function. Logs
/// and measurements name it; nothing is decided by it.
fn calling_function(stack: &Stack, headers: &HeaderMap) -> Option<String> {
    let agent = headers.get("x-amz-user-agent").or_else(|| headers.get(header::USER_AGENT))?.to_str().ok()?;
    let name = agent.split(' ').find_map(|product| product.strip_prefix("app/"))?;
    let function = stack.functions.iter().find(|function| function.name == name)?;
    Some(function.logical_id.clone())
}

fn check(services: &Services, service: Service, caller: &Caller, wants: &[Want]) -> Result<(), Failure> {
    services.access.check(caller, wants).map_err(|denied| service.denied(*denied))
}

/// Notes what is touched, whatever comes of it.
async fn dynamodb_call(
    services: &Services,
    action: &str,
    body: &Bytes,
    caller: &Caller,
) -> Result<Value, Failure> {
    let Services { stack, wire, faults, capacity, .. } = services;
    let (mut request, unreadable) = match serde_json::from_slice::<Value>(body) {
        Ok(request) => (request, None),
        Err(error) => (Value::Null, Some(Failure::unreadable(&error))),
    };
    let wants = dynamodb_wants(stack, services.dynamodb.layouts(), action, &request);
    let checked = check(services, Service::DynamoDb, caller, &wants);
    wire.request(caller, action, &request, if checked.is_ok() { Way::Asked } else { Way::Denied });
    checked?;
    if let Some(unreadable) = unreadable {
        return Err(unreadable);
    }
    let answer = services.dynamodb.call(action, &mut request, caller, faults, capacity).await;
    wire.answer(caller, action, &request, &answer);
    answer
}

async fn json_call(
    services: &Services,
    service: Service,
    action: &str,
    body: &Bytes,
    caller: &Caller,
    faults: &Aftermath,
) -> Result<Value, Failure> {
    tracing::debug!(action, caller = %caller.origin, principal = caller.principal.name(), "called");
    match service {
        Service::Kms => services.keys.call(action, body),
        Service::Sqs => sqs::call(&services.queues, action, body).await,
        Service::Ses => mail::send(&services.database, body).await,
        Service::EventBridge if action == "PutEvents" => services.bus.put(body, faults).await,
        Service::EventBridge if action == "ListEventBuses" => events::list(&services.stack, body),
        Service::EventBridge | Service::DynamoDb | Service::Sts | Service::Lambda => Err(unknown(action)),
    }
}

fn unknown(action: &str) -> Failure {
    Failure::refused("UnknownOperationException", format!("{action} is not served here"))
}

fn json_answer(service: Service, answer: &Value) -> Response {
    service.protocol().answer(StatusCode::OK, answer.to_string())
}
