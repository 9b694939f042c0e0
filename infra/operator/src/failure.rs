//! Why a command has not done what it was to do, and the exit codes.

use std::fmt::Write;
use std::process::ExitCode;

use client::{RequestError, Response};
use serde_json::Value;

#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error("{0}")]
    Usage(String),
    #[error("{0}")]
    Credentials(String),
    #[error("{0}\nNo answer arrived. What was sent may have taken effect: look, before you repeat it.")]
    NotReached(#[from] RequestError),
    #[error("{text}")]
    Refused { status: u16, body: String, text: String },
    #[error("No tenant has the slug {0}. One that was onboarded a moment ago is listed within seconds.")]
    NoTenant(String),
    #[error("{0}")]
    Changed(String),
    #[error("The API answered what this program does not understand: {0}")]
    Unknown(String),
}

impl Failure {
    /// `id` is that of the keys that have signed the request.
    pub(crate) fn of(response: &Response, id: &str) -> Failure {
        let (status, body) = (response.status, response.text());
        let text = match (status, response.json()) {
            (_, problem) if problem["title"].is_string() => of_problem(&problem),
            (403, _) => of_forbidden(id),
            (status, answer) => match answer["message"].as_str() {
                Some(message) => format!("{status} {message}, says the gateway."),
                None => format!("{status}: {body}"),
            },
        };
        Failure::Refused { status, body, text: printable(&text) }
    }

    pub(crate) fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self {
            Failure::Refused { status: 429 | 500.., .. } => 3,
            Failure::Refused { .. } | Failure::NoTenant(_) => 1,
            Failure::Usage(_) => 2,
            Failure::Credentials(_) | Failure::NotReached(_) | Failure::Unknown(_) => 3,
            Failure::Changed(_) => 4,
        })
    }

    /// What the API has answered, if it refused.
    pub(crate) fn json(&self) -> Option<&str> {
        match self {
            Failure::Refused { body, .. } => Some(body),
            _ => None,
        }
    }
}

fn of_problem(problem: &Value) -> String {
    let member = |name: &str| problem[name].as_str().unwrap_or_default();
    let mut text = format!("{} {}: {}", problem["status"], member("title"), member("detail"));
    for error in problem["errors"].as_array().into_iter().flatten() {
        let part = |name: &str| error[name].as_str().unwrap_or_default();
        let _ = write!(text, "\n  {} {}", part("field"), part("rule"));
    }
    let _ = write!(text, "\nRequest {}, of the type {}", member("requestId"), member("type"));
    text
}

/// API Gateway does not tell which of these it is.
fn of_forbidden(id: &str) -> String {
    format!(
        "403 Forbidden. AWS refused the request that was signed with {id}: the keys are of another account or no longer \
         good, this machine's clock or the region is wrong, or no policy allows this command. OperatorPolicy allows all \
         of them, OperatorReadPolicy those that read."
    )
}

/// What others have written must not steer the terminal.
pub(crate) fn printable(text: &str) -> String {
    text.chars()
        .map(|letter| if letter.is_control() && letter != '\n' { '\u{fffd}' } else { letter })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stub::{Canned, answering};

    /// The exit code is part of what scripts rely on.
    #[test]
    fn exit_codes_tell_what_may_be_repeated() {
        let code = |answer: Canned| {
            let failure = answering([answer]).0.get("/tenants").unwrap_err();
            format!("{:?}", failure.exit_code())
        };
        let expected = |code: u8| format!("{:?}", ExitCode::from(code));
        for status in [400, 403, 404, 409, 422] {
            assert_eq!(code((status, "", "{}")), expected(1), "{status}");
        }
        for status in [429, 500, 503] {
            assert_eq!(code((status, "", "{}")), expected(3), "{status}");
        }
        let other = [
            (Failure::Usage(String::new()), 2),
            (Failure::Credentials(String::new()), 3),
            (Failure::Unknown(String::new()), 3),
            (Failure::Changed(String::new()), 4),
            (Failure::NoTenant(String::new()), 1),
        ];
        for (failure, code) in other {
            assert_eq!(format!("{:?}", failure.exit_code()), expected(code), "{failure:?}");
        }
    }

    #[test]
    fn a_problem_is_shown_with_its_fields_and_its_request() {
        let body = r#"{"type":"/problems/invalid","title":"Invalid","status":422,"detail":"One.","requestId":"r-1",
            "errors":[{"field":"/slug","rule":"must be short"},{"field":"/tier","rule":"is required"}]}"#;
        let failure = answering([(422, "", body)]).0.get("/tenants").unwrap_err();
        let text = "422 Invalid: One.\n  /slug must be short\n  /tier is required\nRequest r-1, of the type \
            /problems/invalid";
        assert_eq!((failure.to_string().as_str(), failure.json()), (text, Some(body)));
    }
}
