//! A function's answer to a batch.

use bytes::Bytes;
use serde_json::Value;

use crate::invoke::InvokeError;

#[derive(Debug, PartialEq, Eq)]
pub(super) enum BatchOutcome {
    Done,
    /// The items that failed; the others succeeded.
    Partial(Vec<String>),
    Failed(BatchError),
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum BatchError {
    #[error(transparent)]
    Invoke(InvokeError),
    #[error("the function's batch response is invalid: {0}")]
    Response(String),
}

impl BatchError {
    /// Whether the records may have caused the error.
    pub(super) fn blames_records(&self) -> bool {
        match self {
            BatchError::Invoke(error) => error.blames_event(),
            BatchError::Response(_) => true,
        }
    }
}

pub(super) fn outcome(
    answer: Result<Bytes, InvokeError>,
    reports_failures: bool,
    is_known: impl Fn(&str) -> bool,
) -> BatchOutcome {
    match answer {
        Err(error) => BatchOutcome::Failed(BatchError::Invoke(error)),
        Ok(_) if !reports_failures => BatchOutcome::Done,
        Ok(answer) => reported(&answer, is_known),
    }
}

/// As in Lambda, an answer that is malformed fails the whole batch.
fn reported(answer: &[u8], is_known: impl Fn(&str) -> bool) -> BatchOutcome {
    let invalid = |reason: String| BatchOutcome::Failed(BatchError::Response(reason));
    let answer: Value = match serde_json::from_slice(answer) {
        Ok(answer) => answer,
        Err(error) => return invalid(error.to_string()),
    };
    let failures = match &answer["batchItemFailures"] {
        Value::Null if answer.is_null() || answer.is_object() => return BatchOutcome::Done,
        Value::Array(failures) if failures.is_empty() => return BatchOutcome::Done,
        Value::Array(failures) => failures,
        _ => return invalid("batchItemFailures is not a list".into()),
    };
    let mut failed = Vec::new();
    for failure in failures {
        match failure["itemIdentifier"].as_str() {
            Some(id) if is_known(id) => failed.push(id.to_owned()),
            _ => return invalid(format!("{failure} names no item of the batch")),
        }
    }
    BatchOutcome::Partial(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(answer: &str) -> BatchOutcome {
        outcome(Ok(Bytes::from(answer.to_owned())), true, |id| id == "a" || id == "b")
    }

    #[test]
    fn no_failures_mean_that_all_succeeded() {
        for answer in ["null", "{}", r#"{"batchItemFailures":null}"#, r#"{"batchItemFailures":[]}"#] {
            assert_eq!(read(answer), BatchOutcome::Done, "{answer}");
        }
    }

    #[test]
    fn known_items_fail_alone() {
        let answer = r#"{"batchItemFailures":[{"itemIdentifier":"b"}]}"#;
        assert_eq!(read(answer), BatchOutcome::Partial(vec!["b".into()]));
    }

    #[test]
    fn an_invalid_answer_fails_the_batch() {
        for answer in [
            "",
            "not json",
            "[1]",
            r#"{"batchItemFailures":{}}"#,
            r#"{"batchItemFailures":[{"itemIdentifier":""}]}"#,
            r#"{"batchItemFailures":[{"itemIdentifier":null}]}"#,
            r#"{"batchItemFailures":[{"id":"a"}]}"#,
            r#"{"batchItemFailures":[{"itemIdentifier":"a"},{"itemIdentifier":"z"}]}"#,
        ] {
            assert!(matches!(read(answer), BatchOutcome::Failed(_)), "{answer}");
        }
    }

    #[test]
    fn an_answer_is_not_read_unless_the_source_says_so() {
        let answer = Ok(Bytes::from_static(b"not json"));
        assert_eq!(outcome(answer, false, |_| false), BatchOutcome::Done);
    }
}
