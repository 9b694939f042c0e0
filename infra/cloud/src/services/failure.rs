//! Errors of the AWS services, in each of their protocols.

use axum::body::Body;
use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use serde_json::json;

use super::database::DatabaseError;
use crate::ids::new_uuid;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Protocol {
    Json10,
    Json11,
    RestJson,
    Query,
}

impl Protocol {
    fn content_type(self) -> &'static str {
        match self {
            Protocol::Json10 => "application/x-amz-json-1.0",
            Protocol::Json11 => "application/x-amz-json-1.1",
            Protocol::RestJson => "application/json",
            Protocol::Query => "text/xml",
        }
    }

    pub(crate) fn answer(self, status: StatusCode, body: impl Into<Body>) -> Response {
        let mut response = Response::new(body.into());
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.content_type()));
        if let Ok(id) = HeaderValue::from_str(&new_uuid().to_string()) {
            headers.insert("x-amzn-requestid", id);
        }
        response
    }
}

#[derive(Debug)]
pub(crate) enum Failure {
    Refused {
        status: StatusCode,
        code: &'static str,
        message: String,
    },
    /// An error whose body is complete already, from DynamoDB's engine.
    Written {
        status: StatusCode,
        body: String,
    },
}

impl Failure {
    pub(crate) fn refused(code: &'static str, message: impl Into<String>) -> Failure {
        Failure::Refused { status: StatusCode::BAD_REQUEST, code, message: message.into() }
    }

    pub(crate) fn forbidden(code: &'static str, message: impl Into<String>) -> Failure {
        Failure::Refused { status: StatusCode::FORBIDDEN, code, message: message.into() }
    }

    pub(crate) fn internal(message: impl Into<String>) -> Failure {
        Failure::Refused {
            status: StatusCode::INTERNAL_SERVER_ERROR,
            code: "InternalServerError",
            message: message.into(),
        }
    }

    pub(crate) fn unreadable(error: &serde_json::Error) -> Failure {
        Failure::refused("SerializationException", error.to_string())
    }

    pub(crate) fn into_response(self, protocol: Protocol) -> Response {
        let (status, code, message) = match self {
            Failure::Refused { status, code, message } => (status, code, message),
            Failure::Written { status, body } => return protocol.answer(status, body),
        };
        match protocol {
            Protocol::Json10 | Protocol::Json11 => {
                protocol.answer(status, json!({"__type": code, "message": message}).to_string())
            }
            Protocol::RestJson => {
                let mut response = protocol.answer(status, json!({"message": message}).to_string());
                response.headers_mut().insert("x-amzn-errortype", HeaderValue::from_static(code));
                response
            }
            Protocol::Query => protocol.answer(status, query_error(status, code, &message)),
        }
    }
}

impl From<DatabaseError> for Failure {
    fn from(error: DatabaseError) -> Failure {
        tracing::error!(%error, "the services' database failed");
        Failure::internal(error.to_string())
    }
}

fn query_error(status: StatusCode, code: &str, message: &str) -> String {
    let side = if status.is_server_error() { "Receiver" } else { "Sender" };
    format!(
        "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>{side}</Type>\
         <Code>{code}</Code><Message>{}</Message></Error><RequestId>{}</RequestId></ErrorResponse>",
        escape_xml(message),
        new_uuid()
    )
}

pub(crate) fn escape_xml(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
