//! How the handling of an event ends.

use domain::event::Unreadable;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use crate::table::StoreError;

/// Why an event was not handled.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// A retry may succeed: the message becomes visible in the queue again.
    #[error("{0}")]
    Transient(String),
    /// No retry can succeed: the message goes to the dead-letter queue at once.
    #[error("{0}")]
    Permanent(String),
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Corrupt(_) => Self::Permanent(error.to_string()),
            // A denial ends once the rights are mended.
            StoreError::Conflict(_)
            | StoreError::OverLimit(_)
            | StoreError::Unavailable(_)
            | StoreError::Denied(_)
            | StoreError::Unknown(_) => Self::Transient(error.to_string()),
        }
    }
}

impl From<Unreadable> for Failure {
    fn from(unreadable: Unreadable) -> Self {
        match unreadable {
            Unreadable::Unknown(_) => Self::Transient(unreadable.to_string()),
            Unreadable::Broken(_) => Self::Permanent(unreadable.to_string()),
        }
    }
}

/// What became of a message. Most consumers end with a `Result`.
#[derive(Debug)]
pub struct Outcome {
    pub(super) result: Result<(), Failure>,
    pub(super) next: Option<Next>,
    /// Whether nobody has looked at the event, since it is of a plugin that is not active.
    pub(super) is_skipped: bool,
}

/// What follows in another message about the same event.
#[derive(Debug)]
pub(super) enum Next {
    /// The rest of the work, at once.
    Position(Value),
    /// All of it, at this time.
    Due(Timestamp),
}

impl Outcome {
    /// A part of the work is done, or can never be done, and the rest follows in another message. That message
    /// is not sent while the failure is a transient one: then this part is repeated first.
    ///
    /// Only a consumer that is declared [`continuing`](super::Consumer::continuing) may end so.
    pub fn continue_at(result: Result<(), Failure>, position: &impl Serialize) -> Self {
        match serde_json::to_value(position) {
            Ok(position) => Self { result, next: Some(Next::Position(position)), is_skipped: false },
            Err(error) => Failure::Permanent(format!("the position cannot be written: {error}")).into(),
        }
    }

    /// The event comes again at this time, or as soon as the clock can after it, which is 90 seconds at most, and all of its
    /// work is to be done then, whatever was done before. Whoever handles it asks what is stored whether it is still to be
    /// done, for it may have come twice, or have been called off meanwhile.
    ///
    /// Only a consumer that is declared [`deferring`](super::Consumer::deferring) may end so.
    pub fn due_at(at: Timestamp) -> Self {
        Self { result: Ok(()), next: Some(Next::Due(at)), is_skipped: false }
    }

    pub(super) fn skipped() -> Self {
        Self { result: Ok(()), next: None, is_skipped: true }
    }
}

impl From<Result<(), Failure>> for Outcome {
    fn from(result: Result<(), Failure>) -> Self {
        Self { result, next: None, is_skipped: false }
    }
}

impl From<Failure> for Outcome {
    fn from(failure: Failure) -> Self {
        Err(failure).into()
    }
}
