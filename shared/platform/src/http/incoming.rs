//! Requests in the form in which API Gateway passes them, and responses in the form that it expects.

use std::time::{Duration, SystemTime};

use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, StatusCode};
use jiff::Timestamp;
use lambda_http::request::RequestContext;
use lambda_http::{Body, Request, RequestExt, Response};

use crate::http::call::Origin;
use crate::http::{Access, Credentials, Precondition, Problem, Route};
use crate::table::StoredReply;
use crate::telemetry::traceparent;
use crate::tenancy::AuthorizerContext;

/// The time that is reserved for the answer and its log line.
const RESERVE: Duration = Duration::from_millis(500);
/// The time for a request without a deadline.
const DEFAULT_TIME: Duration = Duration::from_secs(10);

pub(crate) struct IncomingRequest {
    pub(crate) request_id: String,
    pub(crate) headers: HeaderMap,
    pub(crate) parameters: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    pub(crate) origin: Origin,
    /// When Lambda ends the invocation.
    deadline: Option<SystemTime>,
    route_key: Option<String>,
    authorizer: Option<serde_json::Value>,
}

impl IncomingRequest {
    pub(crate) fn new(request: Request) -> Self {
        let context = request.request_context_ref().cloned();
        let (request_id, route_key, authorizer) = match context {
            Some(RequestContext::ApiGatewayV2(context)) => {
                let fields = context.authorizer.map(|authorizer| authorizer.fields).unwrap_or_default();
                (
                    context.request_id,
                    context.route_key,
                    (!fields.is_empty()).then(|| fields.into_iter().collect()),
                )
            }
            _ => (None, None, None),
        };
        let xray = request.lambda_context_ref().and_then(|context| context.xray_trace_id.clone());
        let path = request.path_parameters();
        let query = request.query_string_parameters();
        let parameters = path.iter().chain(query.iter());
        let mut parameters: Vec<(String, String)> =
            parameters.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        // They come from hash maps, and a repeated request must have the same hash.
        parameters.sort();
        Self {
            request_id: request_id.unwrap_or_default(),
            route_key,
            deadline: request.lambda_context_ref().map(|context| context.deadline()),
            parameters,
            origin: Origin { at: now(), traceparent: traceparent(xray.as_deref()) },
            authorizer,
            headers: request.headers().clone(),
            body: match request.into_body() {
                Body::Text(text) => text.into_bytes(),
                Body::Binary(bytes) => bytes,
                _ => Vec::new(),
            },
        }
    }

    pub(crate) fn credentials(&self) -> Result<Credentials<'_>, Problem> {
        let authorizer: Option<AuthorizerContext> = match &self.authorizer {
            Some(fields) => Some(serde_json::from_value(fields.clone()).map_err(Problem::internal)?),
            None => None,
        };
        Ok(Credentials { headers: &self.headers, authorizer, now: self.origin.at })
    }

    /// How long the handler may take, so that there is time left to answer.
    pub(crate) fn time_left(&self) -> Duration {
        let left = self.deadline.and_then(|deadline| deadline.duration_since(SystemTime::now()).ok());
        left.map_or(DEFAULT_TIME, |left| left.saturating_sub(RESERVE))
    }

    /// Refuses the request when the template routes something else to this function than the code declares.
    /// `cargo lambda watch` on its own calls every route `$default`.
    pub(crate) fn require_route<A: Access, C: Precondition>(
        &self,
        route: &Route<A, C>,
    ) -> Result<(), Problem> {
        match self.route_key.as_deref() {
            Some(key) if key != "$default" && !route.serves(key) => Err(Problem::internal(format!(
                "the template routes {key} to the function of {}",
                route.key()
            ))),
            _ => Ok(()),
        }
    }
}

/// The current time in whole milliseconds, which are precise enough and keep items short.
fn now() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
}

pub(crate) fn response(outcome: Result<(StoredReply, bool), Problem>, request_id: &str) -> Response<Body> {
    let mut response = match outcome {
        Ok((reply, replayed)) => success(reply, replayed),
        Err(problem) => {
            let document = problem.document(request_id);
            let mut response = with_body(problem.status(), document);
            let media_type = HeaderValue::from_static("application/problem+json");
            response.headers_mut().insert(CONTENT_TYPE, media_type);
            response
        }
    };
    response.headers_mut().entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

fn success(reply: StoredReply, replayed: bool) -> Response<Body> {
    let mut response = with_body(reply.status, reply.body);
    for (name, value) in &reply.headers {
        if let (Ok(name), Ok(value)) = (name.parse::<http::HeaderName>(), HeaderValue::from_str(value)) {
            response.headers_mut().insert(name, value);
        }
    }
    if replayed {
        response.headers_mut().insert("idempotency-replayed", HeaderValue::from_static("true"));
    }
    response
}

fn with_body(status: u16, body: String) -> Response<Body> {
    let body = if body.is_empty() { Body::Empty } else { Body::Text(body) };
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response
}
