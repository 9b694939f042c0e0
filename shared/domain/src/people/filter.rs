//! The register's filter, as clients write it.

use std::fmt::Display;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;
use serde::{Deserialize, Deserializer};

use super::{Criterion, Match};
use crate::InvalidValue;
use crate::rule::{read_text, schema};
use crate::specification::{Comparison, LONGEST, Operand, Order, Specification, Term, parse};
use crate::text::SearchText;

const FIELDS: &str = "status, role, createdAt, lastSignInAt, name, email";

/// A filter of users, in a [subset of NQL](crate::specification::parse).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeopleFilter(Specification<Criterion>);

impl PeopleFilter {
    pub fn specification(&self) -> &Specification<Criterion> {
        &self.0
    }
}

impl TryFrom<String> for PeopleFilter {
    type Error = InvalidValue;

    fn try_from(text: String) -> Result<PeopleFilter, InvalidValue> {
        parse(&text, &|term| criterion(term).map(Specification::leaf)).map(PeopleFilter)
    }
}

fn criterion(Term { field, comparison, operand }: Term<'_>) -> Result<Criterion, InvalidValue> {
    match (field, comparison, operand) {
        ("status", Comparison::Is, Operand::Text(text)) => Ok(Criterion::Status(value(field, text)?)),
        ("role", Comparison::Is, Operand::Text(text)) => Ok(Criterion::Role(value(field, text)?)),
        ("createdAt", Comparison::Ordered(order), Operand::Text(text)) => {
            Ok(Criterion::Created(order, time(field, &text)?))
        }
        ("lastSignInAt", Comparison::Ordered(order), Operand::Text(text)) => {
            Ok(Criterion::SignedIn(order, time(field, &text)?))
        }
        ("lastSignInAt", Comparison::Is, Operand::Nothing) => Ok(Criterion::NeverSignedIn),
        ("name", comparison, Operand::Text(text)) => {
            Ok(Criterion::Name(matching(field, comparison)?, searched(field, text)?))
        }
        ("email", comparison, Operand::Text(text)) => {
            Ok(Criterion::Email(matching(field, comparison)?, searched(field, text)?))
        }
        ("status" | "role", ..) => Err(cannot(field, "is a value, as in `status:active`")),
        ("createdAt", ..) => Err(cannot(field, "is before or after a time, as in `createdAt:>=2026-01-01`")),
        ("lastSignInAt", ..) => Err(cannot(field, "is null, or before or after a time")),
        ("name" | "email", ..) => {
            Err(cannot(field, "is a text, has one or begins with one, as in `name:~ada`"))
        }
        _ => Err(format!("must not ask for {field}: the fields are {FIELDS}").into()),
    }
}

fn cannot(field: &str, can: &str) -> InvalidValue {
    format!("must ask of {field} whether it {can}").into()
}

fn matching(field: &str, comparison: Comparison) -> Result<Match, InvalidValue> {
    match comparison {
        Comparison::Is => Ok(Match::Whole),
        Comparison::Contains => Ok(Match::Part),
        Comparison::BeginsWith => Ok(Match::Beginning),
        Comparison::Ordered(Order::Above | Order::AtLeast | Order::Below | Order::AtMost) => {
            Err(cannot(field, "is a text, has one or begins with one, as in `name:~ada`"))
        }
    }
}

fn value<T: FromStr<Err = InvalidValue>>(field: &str, text: String) -> Result<T, InvalidValue> {
    text.parse().map_err(|rule| of(field, rule))
}

fn searched(field: &str, text: String) -> Result<SearchText, InvalidValue> {
    SearchText::try_from(text).map_err(|rule| of(field, rule))
}

/// A time of RFC 3339, or the beginning of a day in UTC. Times are whole milliseconds.
fn time(field: &str, text: &str) -> Result<Timestamp, InvalidValue> {
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

impl<'de> Deserialize<'de> for PeopleFilter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<PeopleFilter, D::Error> {
        read_text(deserializer, "must be a string")
    }
}

schema!(
    PeopleFilter,
    schemars::json_schema!({
        "type": "string", "minLength": 1, "maxLength": LONGEST,
        "examples": ["status:active+role:[admin,editor]"],
    })
);
