//! Versions of aggregates, and values at a version.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::rule::InvalidValue;

/// The number of commits of an aggregate, from 1. Defaults that nobody has changed yet have version 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Version(u64);

impl Version {
    /// The version of what is not stored yet.
    pub const NONE: Version = Version(0);
    /// The version after the first commit.
    pub const FIRST: Version = Version(1);
    /// The largest version that can be stored, since sort keys have ten digits for it.
    pub const MOST: Version = Version(9_999_999_999);

    /// `None` for 0.
    pub fn from_number(number: u64) -> Option<Version> {
        (number > 0).then_some(Version(number))
    }

    pub fn number(self) -> u64 {
        self.0
    }

    #[must_use]
    pub fn next(self) -> Version {
        Version(self.0.saturating_add(1))
    }
}

/// Parses the one spelling of a version: digits without a sign or a leading zero.
impl FromStr for Version {
    type Err = InvalidValue;

    fn from_str(text: &str) -> Result<Version, InvalidValue> {
        let version = text.parse().ok().and_then(Version::from_number);
        version
            .filter(|version| version.to_string() == text)
            .ok_or(InvalidValue::new("must be a version: a whole number from 1"))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// A value at a version of its aggregate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Versioned<T> {
    pub value: T,
    pub version: Version,
}

impl<T> Versioned<T> {
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Versioned<U> {
        Versioned { value: change(self.value), version: self.version }
    }
}
