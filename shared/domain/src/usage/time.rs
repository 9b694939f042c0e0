//! Hours and days, in UTC.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::rule::{read_through_from_str, schema};
use crate::{InvalidValue, Version};

/// A day, as `2026-11-28`. Days sort as their texts do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(Date);

/// An hour, as `2026-11-28T03`. Hours sort as their texts do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hour {
    day: Day,
    hour: u8,
}

/// A range of days, both inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    first: Day,
    last: Day,
}

impl Day {
    const RULE: &str = "must be a day like 2026-11-28";

    pub fn of(at: Timestamp) -> Day {
        Day(at.to_zoned(TimeZone::UTC).date())
    }

    /// So many days earlier; the earliest that there is, if it would be before that.
    #[must_use]
    pub fn before(self, days: i32) -> Day {
        Day(self.0.saturating_sub(jiff::Span::new().days(days)))
    }

    /// The version of a tenant's usage after this day: the number of days since 1970-01-01.
    pub fn version(self) -> Version {
        u64::try_from(self.number()).ok().and_then(Version::from_number).unwrap_or(Version::FIRST)
    }

    /// The end of the day, in milliseconds since the Unix epoch.
    pub(super) fn end_milliseconds(self) -> i64 {
        (self.number() + 1) * 24 * 60 * 60 * 1_000
    }

    fn number(self) -> i64 {
        self.0.duration_since(Date::constant(1970, 1, 1)).as_hours() / 24
    }
}

impl fmt::Display for Day {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl FromStr for Day {
    type Err = InvalidValue;

    fn from_str(text: &str) -> Result<Day, InvalidValue> {
        // The parser takes other forms as well.
        let date: Option<Date> = text.parse().ok().filter(|date: &Date| date.to_string() == text);
        date.map(Day).ok_or(InvalidValue::new(Day::RULE))
    }
}

read_through_from_str!(Day, Day::RULE);

schema!(Day, schemars::json_schema!({ "type": "string", "format": "date", "examples": ["2026-11-28"] }));

impl Hour {
    pub fn of(at: Timestamp) -> Hour {
        Hour { day: Day::of(at), hour: at.to_zoned(TimeZone::UTC).hour().unsigned_abs() }
    }

    pub fn day(self) -> Day {
        self.day
    }
}

impl fmt::Display for Hour {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}T{:02}", self.day, self.hour)
    }
}

impl FromStr for Hour {
    type Err = InvalidValue;

    fn from_str(text: &str) -> Result<Hour, InvalidValue> {
        let parts = text.split_once('T').filter(|(_, hour)| hour.len() == 2);
        let parts = parts.and_then(|(day, hour)| Some((day.parse().ok()?, hour.parse().ok()?)));
        let hour = parts.filter(|(_, hour)| *hour < 24).map(|(day, hour)| Hour { day, hour });
        hour.ok_or(InvalidValue::new("must be an hour like 2026-11-28T03"))
    }
}

impl Span {
    /// The most days of a span.
    pub const LONGEST: i32 = 31;

    /// Fails for a span that is longer, or that ends before it begins.
    pub fn new(first: Day, last: Day) -> Result<Span, InvalidValue> {
        let days = first.0.until(last.0).map(|span| span.get_days());
        match days {
            Ok(days) if (0..Span::LONGEST).contains(&days) => Ok(Span { first, last }),
            _ => {
                Err(format!("must be the end of at most {} days, and not before them", Span::LONGEST).into())
            }
        }
    }

    pub fn first(self) -> Day {
        self.first
    }

    pub fn last(self) -> Day {
        self.last
    }
}
