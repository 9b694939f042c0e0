//! Positions in a tenant's audit log.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;

use crate::id::EventId;
use crate::rule::{InvalidValue, read_through_from_str, schema};

/// The position of an event among all events of a tenant: by time, and within a millisecond by id.
///
/// Its text, `<time>~<event id>`, sorts in the same order and needs no escaping in a URL. It is both a sort
/// key and a cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuditPosition {
    at: Timestamp,
    event: EventId,
}

const WIDTH: usize = "2026-03-04T05:06:07.089Z".len();
const RULE: &str = "must be the nextCursor of another page, like 2026-03-04T05:06:07.089Z~evt_…";

impl AuditPosition {
    pub fn new(at: Timestamp, event: EventId) -> AuditPosition {
        AuditPosition { at, event }
    }

    pub fn event(self) -> EventId {
        self.event
    }
}

/// Formats a time in milliseconds; what is shorter is cut off. The width is constant for the years 0000 to
/// 9999, so that the texts sort as the times do.
fn by_the_millisecond(at: Timestamp) -> String {
    format!("{at:.3}")
}

/// The least and the greatest text of a position at these times, both inclusive and in milliseconds; `None` for all.
pub fn between(from: Option<Timestamp>, to: Option<Timestamp>) -> Option<(String, String)> {
    if from.is_none() && to.is_none() {
        return None;
    }
    let least = from.map_or_else(|| "0".to_owned(), by_the_millisecond);
    // Behind all events of the last millisecond.
    let most = to.map(by_the_millisecond).unwrap_or_default();
    Some((least, format!("{most}{}", char::MAX)))
}

impl fmt::Display for AuditPosition {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}~{}", by_the_millisecond(self.at), self.event)
    }
}

impl FromStr for AuditPosition {
    type Err = InvalidValue;

    fn from_str(text: &str) -> Result<AuditPosition, InvalidValue> {
        let parse = || {
            let (at, event) = text.split_once('~').filter(|(at, _)| at.len() == WIDTH)?;
            Some(AuditPosition { at: at.parse().ok()?, event: event.parse().ok()? })
        };
        // A position has one spelling: another zone or another width would sort elsewhere.
        parse().filter(|position| position.to_string() == text).ok_or(InvalidValue::new(RULE))
    }
}

read_through_from_str!(AuditPosition, RULE);

schema!(
    AuditPosition,
    schemars::json_schema!({
        "type": "string",
        "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z~evt_[0-9a-f]{32}$",
        "examples": ["2026-03-04T05:06:07.089Z~evt_0199c0de5a7f7cc0b5a58d0a3b8a1c2d"],
    })
);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn position(milliseconds: i64, event: u128) -> AuditPosition {
        let at = Timestamp::from_millisecond(milliseconds).unwrap();
        AuditPosition::new(at, EventId::from_uuid(Uuid::from_u128(event)))
    }

    #[test]
    fn what_is_shorter_than_a_millisecond_is_cut_off() {
        for (text, cut) in [
            ("2026-03-04T05:06:07.0899999Z", "2026-03-04T05:06:07.089Z"),
            ("2026-03-04T05:06:07Z", "2026-03-04T05:06:07.000Z"),
        ] {
            assert_eq!(by_the_millisecond(text.parse().unwrap()), cut);
        }
    }

    #[test]
    fn another_spelling_is_refused() {
        let good = position(1_772_600_767_089, 7).to_string();
        assert_eq!(good.parse(), Ok(position(1_772_600_767_089, 7)));
        let (at, event) = good.split_once('~').unwrap();
        for refused in [
            "",
            "~",
            at,
            event,
            &format!("{at}#{event}"),
            &format!("{at}~ntf_00000000000000000000000000000007"),
            &format!("{}+00:00~{event}", at.trim_end_matches('Z')),
            &format!("{}Z~{event}", &at[..19]),
            &format!("{good}~"),
            &format!("-00{good}"),
        ] {
            assert!(refused.parse::<AuditPosition>().is_err(), "{refused}");
        }
    }

    proptest! {
        #[test]
        fn texts_sort_as_positions_do(
            one in 0_i64..253_402_207_200_000, other in 0_i64..253_402_207_200_000, event: u128, another: u128,
        ) {
            let (text, later) = (position(one, event).to_string(), position(other, another).to_string());
            prop_assert_eq!(text.cmp(&later), (one, event).cmp(&(other, another)));
            prop_assert_eq!(text.parse(), Ok(position(one, event)));
        }
    }
}
