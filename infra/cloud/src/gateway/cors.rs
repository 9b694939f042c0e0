//! CORS as in HTTP APIs: the gateway answers preflights itself and sets every CORS header.

use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};

use crate::model::Cors;

const OWNED: [HeaderName; 6] = [
    header::ACCESS_CONTROL_ALLOW_ORIGIN,
    header::ACCESS_CONTROL_ALLOW_CREDENTIALS,
    header::ACCESS_CONTROL_ALLOW_METHODS,
    header::ACCESS_CONTROL_ALLOW_HEADERS,
    header::ACCESS_CONTROL_EXPOSE_HEADERS,
    header::ACCESS_CONTROL_MAX_AGE,
];

pub(crate) struct CorsPolicy {
    model: Cors,
}

impl CorsPolicy {
    pub(crate) fn new(model: Cors) -> CorsPolicy {
        CorsPolicy { model }
    }

    /// The answer to a preflight, without calling a function. It has no CORS headers when the policy does
    /// not allow the request. `None` when the request is not a preflight.
    pub(crate) fn preflight(&self, head: &Parts) -> Option<Response> {
        let method = head.headers.get(header::ACCESS_CONTROL_REQUEST_METHOD)?.to_str().ok()?;
        if head.method != Method::OPTIONS || !head.headers.contains_key(header::ORIGIN) {
            return None;
        }
        let mut response = StatusCode::NO_CONTENT.into_response();
        let requested =
            head.headers.get(header::ACCESS_CONTROL_REQUEST_HEADERS).and_then(|value| value.to_str().ok());
        if let Some(origin) = self.allowed_origin(&head.headers)
            && self.allows_method(method)
            && self.allows_headers(requested.unwrap_or_default())
        {
            let headers = response.headers_mut();
            self.allow_origin(origin, headers);
            set_list(headers, header::ACCESS_CONTROL_ALLOW_METHODS, &self.model.allow_methods);
            set_list(headers, header::ACCESS_CONTROL_ALLOW_HEADERS, &self.model.allow_headers);
            if let Some(seconds) = self.model.max_age {
                headers.insert(header::ACCESS_CONTROL_MAX_AGE, seconds.into());
            }
        }
        Some(response)
    }

    /// Replaces the CORS headers of a function's response by those of the policy.
    pub(crate) fn decorate(&self, request: &HeaderMap, response: &mut HeaderMap) {
        OWNED.iter().for_each(|name| drop(response.remove(name)));
        if let Some(origin) = self.allowed_origin(request) {
            self.allow_origin(origin, response);
            set_list(response, header::ACCESS_CONTROL_EXPOSE_HEADERS, &self.model.expose_headers);
        }
    }

    fn allow_origin(&self, origin: HeaderValue, headers: &mut HeaderMap) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        if self.model.allow_credentials {
            headers.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
        }
    }

    /// The origin to allow, if the request has one that is allowed: `*` where all are, else its own.
    fn allowed_origin(&self, request: &HeaderMap) -> Option<HeaderValue> {
        let origin = request.get(header::ORIGIN)?;
        let text = origin.to_str().ok()?;
        let allowed = &self.model.allow_origins;
        if allowed.iter().any(|allowed| allowed == "*") {
            return Some(HeaderValue::from_static("*"));
        }
        allowed.iter().any(|allowed| origin_matches(allowed, text)).then(|| origin.clone())
    }

    fn allows_method(&self, method: &str) -> bool {
        self.model.allow_methods.iter().any(|allowed| allowed == "*" || allowed == method)
    }

    fn allows_headers(&self, requested: &str) -> bool {
        let allows = |name: &str| {
            self.model
                .allow_headers
                .iter()
                .any(|allowed| allowed == "*" || allowed.eq_ignore_ascii_case(name))
        };
        requested.split(',').map(str::trim).filter(|name| !name.is_empty()).all(allows)
    }
}

/// `https://*` and `http://*` allow every origin of their scheme.
fn origin_matches(allowed: &str, origin: &str) -> bool {
    match allowed.strip_suffix('*') {
        Some(scheme) => origin.starts_with(scheme),
        None => allowed == origin,
    }
}

fn set_list(headers: &mut HeaderMap, name: HeaderName, values: &[String]) {
    if let Some(value) = HeaderValue::try_from(values.join(",")).ok().filter(|value| !value.is_empty()) {
        headers.insert(name, value);
    }
}
