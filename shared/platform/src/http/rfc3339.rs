//! Times in query parameters.

use std::borrow::Cow;

use jiff::Timestamp;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;

use crate::http::Problem;

/// A time in the format of RFC 3339. The parser of [`Timestamp`] accepts more than that, such as other
/// separators, names of time zones and times without seconds, which are refused here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Rfc3339(Timestamp);

impl TryFrom<String> for Rfc3339 {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let time = is_rfc_3339(text.as_bytes()).then(|| text.parse().ok()).flatten();
        time.map(Self)
            .ok_or("must be a time of RFC 3339 like 2026-03-04T05:06:07Z, escaped where a URL needs it")
    }
}

fn is_rfc_3339(text: &[u8]) -> bool {
    let is_shaped = |text: &[u8], shape: &[u8]| {
        text.len() == shape.len()
            && text.iter().zip(shape).all(|(byte, form)| match form {
                b'0' => byte.is_ascii_digit(),
                form => byte == form,
            })
    };
    let Some((date_time, rest)) = text.split_at_checked("0000-00-00T00:00:00".len()) else { return false };
    let fraction = match rest.strip_prefix(b".") {
        Some(digits) => 1 + digits.iter().take_while(|byte| byte.is_ascii_digit()).count(),
        None => 0,
    };
    let zone = &rest[fraction..];
    is_shaped(date_time, b"0000-00-00T00:00:00")
        && fraction != 1
        && (zone == b"Z" || is_shaped(zone, b"+00:00") || is_shaped(zone, b"-00:00"))
}

impl From<Rfc3339> for Timestamp {
    fn from(Rfc3339(at): Rfc3339) -> Self {
        at
    }
}

/// The times of the parameters `from` and `to`, unless nothing could be between them.
pub fn period(
    from: Option<Rfc3339>,
    to: Option<Rfc3339>,
    now: Timestamp,
) -> Result<(Option<Timestamp>, Option<Timestamp>), Problem> {
    let (from, to) = (from.map(Timestamp::from), to.map(Timestamp::from));
    if from.is_some_and(|from| from > now) {
        return Err(Problem::invalid("/from", "must not be in the future"));
    }
    if from.zip(to).is_some_and(|(from, to)| from > to) {
        return Err(Problem::invalid("/from", "must not be after to"));
    }
    Ok((from, to))
}

impl JsonSchema for Rfc3339 {
    fn schema_name() -> Cow<'static, str> {
        "Rfc3339".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date-time", "examples": ["2026-03-04T05:06:07Z"] })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Timestamp> {
        Rfc3339::try_from(text.to_owned()).ok().map(Timestamp::from)
    }

    #[test]
    fn rfc_3339_is_read_and_nothing_else() {
        let expected: Timestamp = "2026-03-04T05:06:07Z".parse().unwrap();
        for good in ["2026-03-04T05:06:07Z", "2026-03-04T05:06:07.000Z", "2026-03-04T07:06:07+02:00"] {
            assert_eq!(read(good), Some(expected), "{good}");
        }
        for refused in [
            "",
            "yesterday",
            "1772600767",
            "2026-03-04",
            "2026-03-04T05:06Z",
            "2026-03-04 05:06:07Z",
            "2026-03-04T05:06:07",
            "2026-03-04T05:06:07.Z",
            "2026-03-04T05:06:07 02:00",
            "2026-03-04T05:06:07+02",
            "2026-03-04T05:06:07Z[UTC]",
            "2026-02-30T05:06:07Z",
            "2026-03-04T25:06:07Z",
            "-002026-03-04T05:06:07Z",
            "９026-03-04T05:06:07Z",
        ] {
            assert_eq!(read(refused), None, "{refused}");
        }
    }
}
