//! What the filters of several lists have in common: texts, times and values of named fields.

use std::fmt::Display;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;

use super::{Comparison, Match, Order};
use crate::InvalidValue;
use crate::text::SearchText;

pub(crate) fn cannot(field: &str, can: &str) -> InvalidValue {
    format!("must ask of {field} whether it {can}").into()
}

pub(crate) fn matching(field: &str, comparison: Comparison) -> Result<Match, InvalidValue> {
    match comparison {
        Comparison::Is => Ok(Match::Whole),
        Comparison::Contains => Ok(Match::Part),
        Comparison::BeginsWith => Ok(Match::Beginning),
        Comparison::Ordered(Order::Above | Order::AtLeast | Order::Below | Order::AtMost) => {
            Err(cannot(field, "is a text, has one or begins with one, as in `name:~ada`"))
        }
    }
}

pub(crate) fn value<T: FromStr<Err = InvalidValue>>(field: &str, text: String) -> Result<T, InvalidValue> {
    text.parse().map_err(|rule| of(field, rule))
}

pub(crate) fn searched(field: &str, text: String) -> Result<SearchText, InvalidValue> {
    SearchText::try_from(text).map_err(|rule| of(field, rule))
}

/// A time of RFC 3339, or the beginning of a day in UTC. Times are whole milliseconds.
pub(crate) fn time(field: &str, text: &str) -> Result<Timestamp, InvalidValue> {
    let day = text.parse::<Date>().ok().filter(|_| text.len() == "2026-01-01".len());
    let day = day.and_then(|day| Offset::UTC.to_timestamp(day.at(0, 0, 0, 0)).ok());
    let time =
        day.or_else(|| text.parse().ok()).map(|time| Timestamp::from_millisecond(time.as_millisecond()));
    match time {
        Some(Ok(time)) => Ok(time),
        _ => Err(of(field, "must be a time like 2026-03-04T05:06:07Z or a day")),
    }
}

fn of(field: &str, rule: impl Display) -> InvalidValue {
    format!("{field} {rule}").into()
}
