//! The version of an aggregate, and things as they are at one.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::rule::InvalidValue;

/// Counts the commits of an aggregate, from 1. What is not stored yet and has defaults is at 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Version(u64);

impl Version {
    pub const NONE: Version = Version(0);
    pub const FIRST: Version = Version(1);
    /// Versions are stored ten digits wide.
    pub const MOST: Version = Version(9_999_999_999);

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

/// One spelling for one version: digits without a sign or a leading zero.
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

/// A thing as it is at a version of it.
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
