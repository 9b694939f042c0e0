//! A request as API Gateway hands it over, and the response as it wants it back.

use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, StatusCode};
use jiff::Timestamp;
use lambda_http::request::RequestContext;
use lambda_http::{Body, Request, RequestExt, Response};

use crate::http::Problem;
use crate::http::call::Origin;
use crate::stores::StoredReply;
use crate::telemetry::traceparent;
use crate::tenancy::{AuthorizerContext, Credentials};

pub(crate) struct Arrival {
    pub(crate) request_id: String,
    pub(crate) headers: HeaderMap,
    pub(crate) parameters: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    pub(crate) origin: Origin,
    authorizer: Option<serde_json::Value>,
}

impl Arrival {
    pub(crate) fn new(request: Request) -> Self {
        let context = request.request_context_ref().cloned();
        let (request_id, authorizer) = match context {
            Some(RequestContext::ApiGatewayV2(context)) => {
                let fields = context.authorizer.map(|authorizer| authorizer.fields).unwrap_or_default();
                (context.request_id, (!fields.is_empty()).then(|| fields.into_iter().collect()))
            }
            _ => (None, None),
        };
        let xray = request.lambda_context_ref().and_then(|context| context.xray_trace_id.clone());
        let path = request.path_parameters();
        let query = request.query_string_parameters();
        let parameters =
            path.iter().chain(query.iter()).map(|(name, value)| (name.to_owned(), value.to_owned()));
        Self {
            request_id: request_id.unwrap_or_default(),
            parameters: parameters.collect(),
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
}

/// Milliseconds are enough for people and keep items short.
fn now() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
}

pub(crate) fn response(outcome: Result<(StoredReply, bool), Problem>, request_id: &str) -> Response<Body> {
    let mut response = match outcome {
        Ok((reply, replayed)) => success(reply, replayed),
        Err(problem) => {
            let document = String::from_utf8_lossy(&problem.document(request_id)).into_owned();
            with_body(problem.status(), "application/problem+json", document)
        }
    };
    response.headers_mut().entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

fn success(reply: StoredReply, replayed: bool) -> Response<Body> {
    let mut response = with_body(reply.status, "application/json", reply.body);
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

fn with_body(status: u16, content_type: &'static str, body: String) -> Response<Body> {
    let mut response = Response::new(Body::Text(body));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}
