//! Closing: what a tenant has used on a day is told once, when the day is over.

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::{Builder, Uuid};

use super::{Day, Prices, Usage};
use crate::event::UsageClosed;
use crate::id::{EventId, TenantId};
use crate::text::TierName;

/// How long after its end a day is closed. Lines of the log come some seconds after they were written, and later while
/// the function that adds them up fails: Lambda repeats a call after one minute and after two more.
pub const WAIT: SignedDuration = SignedDuration::from_mins(90);
/// How many days are looked at: as long as an outage may last.
const DAYS: i32 = 7;

/// The days that are to be closed now, the oldest first.
pub fn days_to_close(now: Timestamp) -> impl Iterator<Item = Day> {
    let today = Day::of(now - WAIT);
    (1..=DAYS).rev().map(move |days| today.before(days))
}

/// What a billing system needs of [`Usage`]. What is cut off of a millisecond is in the cost all the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Amounts {
    pub requests: u64,
    /// Requests that were answered with a status of 500 or more, and attempts of consumers that failed.
    pub errors: u64,
    /// Thousandths of DynamoDB's units.
    pub read_milliunits: u64,
    /// Thousandths of DynamoDB's units.
    pub write_milliunits: u64,
    /// Functions' time, in milliseconds.
    pub function_ms: u64,
    /// The same, times the megabytes of each function.
    pub megabyte_ms: u64,
    /// Millionths of functions' invocations.
    pub micro_invocations: u64,
}

impl From<&Usage> for Amounts {
    fn from(usage: &Usage) -> Amounts {
        Amounts {
            requests: usage.requests,
            errors: usage.errors,
            read_milliunits: usage.read_milliunits,
            write_milliunits: usage.write_milliunits,
            function_ms: usage.function_us / 1_000,
            megabyte_ms: usage.megabyte_us / 1_000,
            micro_invocations: usage.micro_invocations,
        }
    }
}

/// Closes a day of a tenant that has this tier now.
pub fn close(day: Day, tier: TierName, usage: &Usage, prices: &Prices) -> UsageClosed {
    UsageClosed { day, tier, amounts: usage.into(), cost: prices.cost(usage) }
}

/// The id of the event by which a tenant's day is closed. It is made of the two, so that it is the same should the event
/// be made again, out of a table that was restored.
///
/// Its first 48 bits are the end of the day, so that it sorts with the ids of events.
pub fn closing_id(tenant: TenantId, day: Day) -> EventId {
    let mut bytes = Uuid::new_v5(&tenant.uuid(), day.to_string().as_bytes()).into_bytes();
    bytes[..6].copy_from_slice(&day.end_milliseconds().to_be_bytes()[2..]);
    EventId::from_uuid(Builder::from_custom_bytes(bytes).into_uuid())
}
