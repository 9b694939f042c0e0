//! Everything a function refuses or fails with, as RFC 9457 problem details. The one mapping from errors to HTTP.

use domain::order::OrderRefusal;
use serde::Serialize;

use crate::stores::{Conflict, StoreError};

const TYPES: &str = "https://terrace.example/problems/";

#[derive(Debug)]
pub struct Problem {
    kind: Kind,
    detail: String,
    invalid: Option<InvalidField>,
    /// For the log alone.
    cause: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    MalformedRequest,
    Unauthorized,
    Forbidden,
    NotFound,
    Conflict,
    PayloadTooLarge,
    UnsupportedMediaType,
    Validation,
    IdempotencyKeyReused,
    /// Another request with the same key committed first; its answer is the answer.
    IdempotencyRace,
    Unavailable,
    Internal,
}

impl Kind {
    fn describe(self) -> (u16, &'static str, &'static str) {
        match self {
            Self::MalformedRequest => (400, "malformed-request", "The request cannot be read"),
            Self::Unauthorized => (401, "unauthorized", "Not signed in"),
            Self::Forbidden => (403, "forbidden", "Not allowed"),
            Self::NotFound => (404, "not-found", "Not found"),
            Self::Conflict | Self::IdempotencyRace => (409, "conflict", "The state has changed"),
            Self::PayloadTooLarge => (413, "payload-too-large", "The body is too large"),
            Self::UnsupportedMediaType => (415, "unsupported-media-type", "The body is not JSON"),
            Self::Validation => (422, "validation", "A value breaks a rule"),
            Self::IdempotencyKeyReused => {
                (422, "idempotency-key-reused", "The idempotency key was used before")
            }
            Self::Unavailable => (503, "unavailable", "Not available at the moment"),
            Self::Internal => (500, "internal", "Something went wrong here"),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct InvalidField {
    /// A JSON pointer into the body, or the name of a path, query or header parameter behind a slash.
    pub(crate) field: String,
    pub(crate) rule: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    r#type: String,
    title: &'a str,
    status: u16,
    detail: &'a str,
    request_id: &'a str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [InvalidField],
}

impl Problem {
    fn new(kind: Kind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into(), invalid: None, cause: None }
    }

    pub fn malformed(detail: impl Into<String>) -> Self {
        Self::new(Kind::MalformedRequest, detail)
    }

    pub fn unauthorized(detail: impl Into<String>) -> Self {
        Self::new(Kind::Unauthorized, detail)
    }

    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(Kind::Forbidden, detail)
    }

    /// What is not in the caller's tenant does not exist for the caller.
    pub fn not_found(what: &str) -> Self {
        Self::new(Kind::NotFound, format!("There is no such {what}."))
    }

    pub fn conflict(detail: impl Into<String>) -> Self {
        Self::new(Kind::Conflict, detail)
    }

    pub fn invalid(field: impl Into<String>, rule: impl ToString) -> Self {
        let field = InvalidField { field: field.into(), rule: rule.to_string() };
        let mut problem = Self::new(Kind::Validation, format!("{}: {}", field.field, field.rule));
        problem.invalid = Some(field);
        problem
    }

    pub fn unavailable(cause: impl ToString) -> Self {
        Self::new(Kind::Unavailable, "A part of the backend does not answer; try again in a moment.")
            .because(cause)
    }

    pub fn internal(cause: impl ToString) -> Self {
        Self::new(Kind::Internal, "The request was not carried out. The request id helps to find out why.")
            .because(cause)
    }

    pub(crate) fn payload_too_large(limit: usize) -> Self {
        Self::new(Kind::PayloadTooLarge, format!("A body may have {limit} bytes at most."))
    }

    pub(crate) fn unsupported_media_type() -> Self {
        Self::new(Kind::UnsupportedMediaType, "Send the body with content-type: application/json.")
    }

    pub(crate) fn idempotency_key_reused() -> Self {
        Self::new(
            Kind::IdempotencyKeyReused,
            "This idempotency key came with another body before; use a new key.",
        )
    }

    fn because(mut self, cause: impl ToString) -> Self {
        self.cause = Some(cause.to_string());
        self
    }

    pub fn status(&self) -> u16 {
        self.kind.describe().0
    }

    pub(crate) fn kind(&self) -> Kind {
        self.kind
    }

    pub(crate) fn cause(&self) -> Option<&str> {
        self.cause.as_deref()
    }

    pub(crate) fn document(&self, request_id: &str) -> String {
        let (status, slug, title) = self.kind.describe();
        let document = Document {
            r#type: format!("{TYPES}{slug}"),
            title,
            status,
            detail: &self.detail,
            request_id,
            errors: self.invalid.as_slice(),
        };
        serde_json::to_string(&document).unwrap_or_default()
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict(Conflict::Version) => Self::conflict(
                "It was changed by somebody else at the same moment; read it again and repeat.",
            ),
            StoreError::Conflict(Conflict::Contention) => {
                Self::conflict("Others change the same thing at this moment; repeat the request.")
            }
            StoreError::Conflict(Conflict::Exists(what)) => {
                Self::conflict(format!("This {what} is taken; choose another."))
            }
            StoreError::Conflict(Conflict::IdempotencyKey) => Self::new(
                Kind::IdempotencyRace,
                "The same request is being carried out; repeat it in a moment.",
            ),
            StoreError::Unavailable(cause) => Self::unavailable(cause),
            StoreError::Corrupt(cause) => Self::internal(cause),
        }
    }
}

impl From<OrderRefusal> for Problem {
    fn from(refusal: OrderRefusal) -> Self {
        match refusal {
            OrderRefusal::NotFound => Self::not_found("order"),
            OrderRefusal::AlreadyConfirmed => {
                Self::conflict("The order was confirmed already; there is nothing left to do.")
            }
            OrderRefusal::AlreadyPlaced => {
                Self::conflict("The order was placed already; there is nothing left to do.")
            }
        }
    }
}
