//! API Gateway's own error responses, which HTTP APIs cannot customize.

use axum::response::{IntoResponse, Response};
use http::StatusCode;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    BadRequest,
    Unauthorized,
    Forbidden,
    NotFound,
    RequestEntityTooLarge,
    TooManyRequests,
    RequestHeaderFieldsTooLarge,
    InternalServerError,
    ServiceUnavailable,
}

impl Refusal {
    fn parts(self) -> (StatusCode, &'static str) {
        match self {
            Refusal::BadRequest => (StatusCode::BAD_REQUEST, "Bad Request"),
            Refusal::Unauthorized => (StatusCode::UNAUTHORIZED, "Unauthorized"),
            Refusal::Forbidden => (StatusCode::FORBIDDEN, "Forbidden"),
            Refusal::NotFound => (StatusCode::NOT_FOUND, "Not Found"),
            Refusal::RequestEntityTooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "Request Entity Too Large"),
            Refusal::TooManyRequests => (StatusCode::TOO_MANY_REQUESTS, "Too Many Requests"),
            Refusal::RequestHeaderFieldsTooLarge => {
                (StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, "Request Header Fields Too Large")
            }
            Refusal::InternalServerError => (StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error"),
            Refusal::ServiceUnavailable => (StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable"),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, message) = self.parts();
        (status, [("content-type", "application/json")], format!(r#"{{"message":"{message}"}}"#))
            .into_response()
    }
}

/// A request whose event cannot be written, which its types rule out.
pub(crate) fn unwritable(error: serde_json::Error) -> Refusal {
    tracing::error!(%error, "an event cannot be written");
    Refusal::InternalServerError
}
