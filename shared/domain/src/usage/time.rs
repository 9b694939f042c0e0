//! Hours and days, in UTC.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::InvalidValue;

/// An hour, as `2026-11-28T03`. Hours sort as their texts do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hour {
    day: Date,
    hour: u8,
}

/// A range of days, both inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    first: Date,
    last: Date,
}

impl Hour {
    pub fn of(at: Timestamp) -> Hour {
        let at = at.to_zoned(TimeZone::UTC);
        Hour { day: at.date(), hour: at.hour().unsigned_abs() }
    }

    pub fn day(self) -> Date {
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
    pub const LONGEST: usize = 31;

    /// Fails for a span that is longer, or that ends before it begins.
    pub fn new(first: Date, last: Date) -> Result<Span, InvalidValue> {
        let days = first.until(last).map(|span| span.get_days());
        match days {
            Ok(days) if (0..Span::LONGEST as i32).contains(&days) => Ok(Span { first, last }),
            _ => Err(format!("must be 1 to {} days before the end, both included", Span::LONGEST).into()),
        }
    }

    pub fn first(self) -> Date {
        self.first
    }

    pub fn last(self) -> Date {
        self.last
    }
}

/// The day of a time.
pub fn day(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}
