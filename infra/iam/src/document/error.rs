//! Why a policy is not taken.

/// A policy that this crate does not evaluate, and where in it the problem stands.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("policy {policy}, {place}: {problem}")]
pub struct ParseError {
    /// The name of the policy.
    pub policy: String,
    /// A statement, by its `Sid` or its position, or the document itself.
    pub place: String,
    /// What is wrong.
    pub problem: Problem,
}

/// What is wrong with a policy. Nothing is ignored: what is not understood is a problem.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// An element that does not exist, or does not exist here.
    #[error("{element} is not known here; remove it, or mend its name")]
    UnknownElement {
        /// Its name.
        element: String,
    },
    /// An element that has to be there.
    #[error("{element} is missing; add it")]
    Missing {
        /// Its name.
        element: &'static str,
    },
    /// An element whose form is wrong.
    #[error("{element} must be {expected}")]
    Malformed {
        /// Its name.
        element: String,
        /// Its form.
        expected: &'static str,
    },
    /// A value that is not allowed, or not understood.
    #[error("{element}: {value:?} {reason}")]
    Refused {
        /// The element that has the value.
        element: String,
        /// The value.
        value: String,
        /// What is wrong with it.
        reason: &'static str,
    },
}

impl Problem {
    pub(crate) fn refused(
        element: impl Into<String>,
        value: impl Into<String>,
        reason: &'static str,
    ) -> Problem {
        Problem::Refused { element: element.into(), value: value.into(), reason }
    }
}
