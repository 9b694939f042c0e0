//! Converts a function's answer into an HTTP response.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde::Deserialize;
use serde_json::Value;

/// Headers that the server sets itself; a function's values are dropped.
const CONNECTION_HEADERS: [HeaderName; 3] =
    [header::CONTENT_LENGTH, header::TRANSFER_ENCODING, header::CONNECTION];

#[derive(Debug, thiserror::Error)]
pub(crate) enum Malformed {
    #[error("it is not JSON of the expected form: {0}")]
    Json(#[from] serde_json::Error),
    #[error("{0} is not a status")]
    Status(u16),
    #[error("the header {0} has a name or value that cannot be sent")]
    Header(String),
    #[error("the body is not base64, but says so: {0}")]
    Base64(#[from] base64::DecodeError),
}

/// Payload format 2.0 has no `multiValueHeaders`; they are ignored, as on AWS.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Explicit {
    status_code: u16,
    #[serde(default)]
    headers: Option<BTreeMap<String, Scalar>>,
    #[serde(default)]
    cookies: Option<Vec<String>>,
    #[serde(default)]
    body: Option<String>,
    #[serde(default)]
    is_base64_encoded: bool,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Scalar {
    Text(String),
    Number(serde_json::Number),
    Bool(bool),
}

impl Scalar {
    fn into_text(self) -> String {
        match self {
            Scalar::Text(text) => text,
            Scalar::Number(number) => number.to_string(),
            Scalar::Bool(bool) => bool.to_string(),
        }
    }
}

pub(crate) fn from_answer(answer: &[u8]) -> Result<Response, Malformed> {
    // Nearly every answer has this form, and is read without a tree of values between. A list would be taken as well.
    if answer.trim_ascii_start().starts_with(b"{")
        && let Ok(answer) = serde_json::from_slice::<Explicit>(answer)
    {
        return explicit(answer);
    }
    let answer: Value = serde_json::from_slice(answer)?;
    match answer.get("statusCode") {
        Some(_) => explicit(serde_json::from_value(answer)?),
        None => Ok(inferred(answer)),
    }
}

/// An answer without a status code is the body of a 200 response.
fn inferred(answer: Value) -> Response {
    let body = match answer {
        Value::String(text) => text,
        other => other.to_string(),
    };
    let mut response = Response::new(Body::from(body));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

fn explicit(answer: Explicit) -> Result<Response, Malformed> {
    let status =
        StatusCode::from_u16(answer.status_code).ok().filter(|status| (200..600).contains(&status.as_u16()));
    let body = match (answer.body, answer.is_base64_encoded) {
        (Some(body), true) => Bytes::from(STANDARD.decode(body)?),
        (Some(body), false) => Bytes::from(body),
        (None, _) => Bytes::new(),
    };
    let mut headers = HeaderMap::new();
    for (name, value) in answer.headers.into_iter().flatten() {
        add(&mut headers, name, value.into_text())?;
    }
    for cookie in answer.cookies.into_iter().flatten() {
        add(&mut headers, "set-cookie".into(), cookie)?;
    }
    CONNECTION_HEADERS.iter().for_each(|name| drop(headers.remove(name)));
    if !body.is_empty() && !headers.contains_key(header::CONTENT_TYPE) {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    }
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status.ok_or(Malformed::Status(answer.status_code))?;
    *response.headers_mut() = headers;
    Ok(response)
}

fn add(headers: &mut HeaderMap, name: String, value: String) -> Result<(), Malformed> {
    match (HeaderName::try_from(&name), HeaderValue::try_from(value)) {
        (Ok(name), Ok(value)) => {
            headers.append(name, value);
            Ok(())
        }
        _ => Err(Malformed::Header(name)),
    }
}
