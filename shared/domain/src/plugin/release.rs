//! Releases of plugins.

use std::fmt;
use std::str::FromStr;

use crate::rule::{InvalidValue, read_through_from_str, schema};

/// The version of a plugin's code, such as `1.0.2`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Release(u16, u16, u16);

impl Release {
    const RULE: &str = "must be a version like 1.0.2";

    pub const fn of(major: u16, minor: u16, patch: u16) -> Release {
        Release(major, minor, patch)
    }
}

impl fmt::Display for Release {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}.{}", self.0, self.1, self.2)
    }
}

impl FromStr for Release {
    type Err = InvalidValue;

    fn from_str(text: &str) -> Result<Release, InvalidValue> {
        let mut numbers = text.split('.').map(str::parse);
        let release = match (numbers.next(), numbers.next(), numbers.next(), numbers.next()) {
            (Some(Ok(major)), Some(Ok(minor)), Some(Ok(patch)), None) => Some(Release(major, minor, patch)),
            _ => None,
        };
        // A number's parser would also take signs and leading zeros.
        release.filter(|release| release.to_string() == text).ok_or(InvalidValue::new(Release::RULE))
    }
}

read_through_from_str!(Release, Release::RULE);

schema!(
    Release,
    schemars::json_schema!({
        "type": "string", "pattern": r"^(0|[1-9][0-9]{0,4})\.(0|[1-9][0-9]{0,4})\.(0|[1-9][0-9]{0,4})$",
        "examples": ["1.0.2"],
    })
);
