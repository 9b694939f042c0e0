//! Why a value cannot be read, with the field and the rule that it is about.

use std::fmt;

use serde::de;

/// Why a value cannot be read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Unreadable {
    NotJson(String),
    UnknownField(String),
    MissingField(String),
    RepeatedField(String),
    BrokenRule(String),
    /// No failure: the part that was to be tried has been read, with this outcome.
    Tried(Result<(), Box<Unreadable>>),
}

impl fmt::Display for Unreadable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotJson(reason) => write!(formatter, "not JSON: {reason}"),
            Self::UnknownField(_) => formatter.write_str("is not a known field"),
            Self::MissingField(_) => formatter.write_str("is required"),
            Self::RepeatedField(_) => formatter.write_str("may be sent once"),
            Self::BrokenRule(rule) => formatter.write_str(rule),
            Self::Tried(_) => formatter.write_str("was tried"),
        }
    }
}

impl std::error::Error for Unreadable {}

impl de::Error for Unreadable {
    fn custom<T: fmt::Display>(rule: T) -> Self {
        Self::BrokenRule(rule.to_string())
    }

    fn invalid_type(_: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self::BrokenRule(format!("must be {expected}"))
    }

    fn invalid_value(_: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self::BrokenRule(format!("must be {expected}"))
    }

    fn invalid_length(_: usize, expected: &dyn de::Expected) -> Self {
        Self::BrokenRule(format!("must be {expected}"))
    }

    fn unknown_variant(_: &str, expected: &'static [&'static str]) -> Self {
        Self::BrokenRule(format!("must be one of: {}", expected.join(", ")))
    }

    fn unknown_field(field: &str, _: &'static [&'static str]) -> Self {
        Self::UnknownField(field.to_owned())
    }

    fn missing_field(field: &'static str) -> Self {
        Self::MissingField(field.to_owned())
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self::RepeatedField(field.to_owned())
    }
}

impl From<serde_json::Error> for Unreadable {
    fn from(error: serde_json::Error) -> Self {
        Self::NotJson(error.to_string())
    }
}
