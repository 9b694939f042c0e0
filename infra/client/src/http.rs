//! A blocking HTTP client that follows no redirects and returns every response, whatever its status.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use ureq::http::{self, HeaderMap};
use ureq::tls::{Certificate, RootCerts, TlsConfig};

use crate::keys::Keys;

const MAX_RESPONSE_SIZE: u64 = 16 * 1024 * 1024;

#[derive(Debug, thiserror::Error)]
#[error("{method} {url}: {reason}")]
pub struct RequestError {
    method: String,
    url: String,
    reason: String,
}

/// Called with each response before the sender gets it. `path` includes the query.
pub type Observer = fn(method: &str, path: &str, response: &Response);

/// Requests to one base URL, with the headers of one credential.
#[derive(Clone)]
pub struct Http {
    agent: ureq::Agent,
    base: String,
    headers: Vec<(String, String)>,
    /// The keys that sign each request.
    keys: Option<Keys>,
    observer: Option<Observer>,
}

impl Http {
    pub fn new(base: &str) -> Http {
        let mut config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(None)
            .timeout_global(Some(Duration::from_secs(60)));
        if base.starts_with("https://") {
            config = config.tls_config(tls());
        }
        let agent = config.build().into();
        Http { agent, base: base.to_owned(), headers: Vec::new(), keys: None, observer: None }
    }

    /// Calls the observer with every response. Clients derived by `with` keep the observer.
    pub fn observed_by(mut self, observer: Observer) -> Http {
        self.observer = Some(observer);
        self
    }

    /// Derives a client that shares the connections and sends one more header with each request.
    pub fn with(&self, name: &str, value: &str) -> Http {
        let mut other = self.clone();
        other.headers.push((name.to_owned(), value.to_owned()));
        other
    }

    /// Derives a client that shares the connections and signs each request.
    pub(crate) fn signing(&self, keys: Keys) -> Http {
        Http { keys: Some(keys), ..self.clone() }
    }

    pub fn get(&self, path: &str) -> Request<'_> {
        self.request("GET", path)
    }

    pub fn post_empty(&self, path: &str) -> Request<'_> {
        self.request("POST", path)
    }

    pub fn post(&self, path: &str, body: &Value) -> Request<'_> {
        self.post_bytes(path, "application/json", body.to_string())
    }

    pub fn post_bytes(&self, path: &str, media_type: &str, body: impl Into<Vec<u8>>) -> Request<'_> {
        self.with_bytes("POST", path, media_type, body)
    }

    pub fn with_bytes(
        &self,
        method: &str,
        path: &str,
        media_type: &str,
        body: impl Into<Vec<u8>>,
    ) -> Request<'_> {
        let mut request = self.request(method, path).header("content-type", media_type);
        request.body = Some(body.into());
        request
    }

    pub fn put(&self, path: &str, body: &Value) -> Request<'_> {
        self.with_body("PUT", path, body)
    }

    pub fn patch(&self, path: &str, body: &Value) -> Request<'_> {
        self.with_body("PATCH", path, body)
    }

    pub fn delete(&self, path: &str) -> Request<'_> {
        self.request("DELETE", path)
    }

    /// A request with a JSON body; null is no body.
    pub fn with_body(&self, method: &str, path: &str, body: &Value) -> Request<'_> {
        if body.is_null() {
            return self.request(method, path);
        }
        self.with_bytes(method, path, "application/json", body.to_string())
    }

    pub fn request(&self, method: &str, path: &str) -> Request<'_> {
        Request {
            http: self,
            method: method.to_owned(),
            path: path.to_owned(),
            headers: self.headers.clone(),
            body: None,
        }
    }
}

/// Trusts what the machine trusts.
fn tls() -> TlsConfig {
    let roots = rustls_native_certs::load_native_certs().certs;
    let roots: Vec<_> = roots.iter().map(|root| Certificate::from_der(root).to_owned()).collect();
    TlsConfig::builder()
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .root_certs(RootCerts::Specific(Arc::new(roots)))
        .build()
}

#[must_use = "a request does nothing until it is sent"]
pub struct Request<'a> {
    http: &'a Http,
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    body: Option<Vec<u8>>,
}

impl Request<'_> {
    /// Appends a header, even if there is already one of this name.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sends the version of this view of the resource as `If-Match`.
    pub fn if_match(self, view: &Value) -> Self {
        self.header("if-match", &format!("\"{}\"", view["version"]))
    }

    pub fn send(self) -> Response {
        self.try_send().unwrap_or_else(|error| panic!("{error}"))
    }

    pub fn try_send(self) -> Result<Response, RequestError> {
        let url = format!("{}{}", self.http.base, self.path);
        let method = self.method;
        let failed = |reason: String| RequestError { method: method.clone(), url: url.clone(), reason };
        let request_error = |error: ureq::Error| failed(error.to_string());
        let mut headers = self.headers;
        if let Some(keys) = &self.http.keys {
            let signed = keys.sign(&method, &url, &headers, self.body.as_deref().unwrap_or_default());
            headers.extend(signed.map_err(|error| failed(error.to_string()))?);
        }
        let mut request = http::Request::builder().method(method.as_str()).uri(&url);
        for (name, value) in &headers {
            request = request.header(name, value);
        }
        let response = match self.body {
            Some(body) => {
                request.body(body).map_err(ureq::Error::Http).and_then(|request| self.http.agent.run(request))
            }
            None => {
                request.body(()).map_err(ureq::Error::Http).and_then(|request| self.http.agent.run(request))
            }
        };
        let (parts, mut body) = response.map_err(request_error)?.into_parts();
        let body = body.with_config().limit(MAX_RESPONSE_SIZE).read_to_vec().map_err(request_error)?;
        let response = Response {
            request: format!("{method} {}", self.path),
            status: parts.status.as_u16(),
            headers: parts.headers,
            body,
        };
        if let Some(observe) = self.http.observer {
            observe(&method, &self.path, &response);
        }
        Ok(response)
    }
}

#[derive(Debug)]
pub struct Response {
    request: String,
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Response {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON, or null if it is not JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// Asserts the status and returns the body as JSON.
    #[track_caller]
    pub fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{} answered {}", self.request, self.text());
        self.json()
    }

    /// Asserts that the response is a problem of this status and type, and returns the problem details.
    #[track_caller]
    pub fn problem(&self, status: u16, slug: &str) -> Value {
        let problem = self.expect(status);
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{}", self.request);
        let kind = problem["type"].as_str().unwrap_or_default();
        assert_eq!(kind.rsplit('/').next(), Some(slug), "{} answered {problem}", self.request);
        assert_eq!(problem["status"], status, "{} answered {problem}", self.request);
        for member in ["title", "requestId"] {
            assert!(problem[member].is_string(), "{} answered without {member}: {problem}", self.request);
        }
        problem
    }

    /// Asserts that the gateway refused the request with this message.
    #[track_caller]
    pub fn gateway_refusal(&self, status: u16, message: &str) {
        assert_eq!(self.expect(status), serde_json::json!({ "message": message }), "{}", self.request);
    }
}
