//! The due ledger: messages to consumers that wait for their time, by the minute, in a table of its own.
//!
//! The items belong to all tenants, and hold ids alone. Nothing in them is believed: a consumer reads the event that its
//! message names in the tenant's log. So an item that comes early, twice or for nothing does no harm, and nothing takes
//! one back.

use std::fmt;

use aws_sdk_dynamodb::Client;
use aws_types::SdkConfig;
use domain::id::{EventId, TenantId};
use domain::{Version, Versioned};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::commit::commit;
use super::listing;
use super::scope::item_key;
use super::{Attribute, Condition, Conflict, Listing, Row, SortKey, StoreError, Write};
use crate::aws::{dynamodb, with_endpoint};
use crate::config::{ConfigError, required};

const TABLE: &str = "DUE_TABLE";
/// The partition of the position.
const POSITION: &str = "position";

const CONSUMER: Attribute = Attribute::new("consumer");
const TENANT: Attribute = Attribute::new("tenant");
const EVENT: Attribute = Attribute::new("event");
const MESSAGE: Attribute = Attribute::new("message");
const EXPIRES_AT: Attribute = Attribute::new("expiresAt");

const MINUTE: i64 = 60;
/// How long an item stays when it was due, so that the position can be set back.
const KEPT_SECONDS: i64 = 30 * 24 * 60 * 60;
/// No item is put into a minute that begins earlier than this from now, for it may be read already. One put takes 2.4
/// seconds at most, and clocks of AWS differ by less than a second.
const LEAD: SignedDuration = SignedDuration::from_secs(10);

/// A whole minute, in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Minute(Timestamp);

/// A message that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DueItem {
    /// The class of access of the consumer, which is its name.
    pub(crate) consumer: String,
    pub(crate) tenant: TenantId,
    pub(crate) event: EventId,
    pub(crate) message: String,
}

/// Up to where items were sent: all of the minutes before, and of this one those up to a sort key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Position {
    pub(crate) minute: Minute,
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<String>,
}

/// Some items of a minute, and the position behind them.
pub(crate) struct DuePage {
    pub(crate) items: Vec<DueItem>,
    pub(crate) next: Position,
}

pub(crate) struct DueLedger {
    client: Client,
    table: String,
}

impl Minute {
    /// The minute that has begun last.
    pub(crate) fn of(at: Timestamp) -> Self {
        Self::at_second(at.as_second().div_euclid(MINUTE) * MINUTE)
    }

    /// The first minute that begins at this time or later.
    fn from(at: Timestamp) -> Self {
        let minute = Self::of(at);
        if minute.0 == at { minute } else { minute.next() }
    }

    pub(crate) fn next(self) -> Self {
        Self::at_second(self.0.as_second() + MINUTE)
    }

    pub(crate) fn before(self, span: SignedDuration) -> Self {
        Self::of(self.0.saturating_sub(span).unwrap_or(Timestamp::MIN))
    }

    fn at_second(second: i64) -> Self {
        Self(Timestamp::from_second(second).unwrap_or(Timestamp::MAX))
    }

    fn key(self) -> String {
        format!("due#{self}")
    }
}

impl fmt::Display for Minute {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.strftime("%Y-%m-%dT%H:%MZ").fmt(formatter)
    }
}

impl Position {
    /// Before all items of the minute.
    pub(crate) fn at(minute: Minute) -> Self {
        Self { minute, after: None }
    }
}

impl DueItem {
    fn key(&self) -> SortKey {
        let Self { consumer, tenant, event, .. } = self;
        SortKey::of(format_args!("{tenant}~{consumer}~{event}"))
    }

    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            consumer: row.text(CONSUMER)?.to_owned(),
            tenant: row.text(TENANT)?.parse().map_err(StoreError::corrupt)?,
            event: row.text(EVENT)?.parse().map_err(StoreError::corrupt)?,
            message: row.text(MESSAGE)?.to_owned(),
        })
    }
}

impl DueLedger {
    pub(crate) fn open(shared: &SdkConfig) -> Result<Self, ConfigError> {
        Ok(Self::new(shared, required(TABLE)?))
    }

    pub(crate) fn new(shared: &SdkConfig, table: String) -> Self {
        Self { client: dynamodb(&with_endpoint(shared, "AWS_ENDPOINT_URL_DYNAMODB")), table }
    }

    /// Puts the item into the minute that begins at this time or next after it, or soon if that has passed: never before
    /// the time, and a minute after it at most. The same item of that minute is replaced. 1 WCU, if the message has less
    /// than 800 bytes.
    pub(crate) async fn put(&self, item: &DueItem, at: Timestamp, now: Timestamp) -> Result<(), StoreError> {
        let soonest = now.saturating_add(LEAD).unwrap_or(Timestamp::MAX);
        let minute = Minute::from(at.max(soonest));
        let write = self.write(minute.key(), &item.key(), Condition::always());
        let write = write
            .text(CONSUMER, &item.consumer)
            .text(TENANT, item.tenant.to_string())
            .text(EVENT, item.event.to_string())
            .text(MESSAGE, &item.message)
            .number(EXPIRES_AT, minute.0.as_second() + KEPT_SECONDS);
        commit(&self.client, vec![write]).await
    }

    /// Reads so many items behind the position by one consistent Query. What cannot be read is left out, and said in the
    /// log.
    pub(crate) async fn page(&self, position: &Position, limit: usize) -> Result<DuePage, StoreError> {
        let Position { minute, after } = position;
        let cursor = after.clone().map(SortKey::of);
        let listing = Listing { ascending: true, cursor, limit, consistent: true, ..Listing::default() };
        let page = listing::query(&self.client, &self.table, &minute.key(), listing).await?;
        let readable = |row: &Row| {
            let read = DueItem::read(row);
            read.inspect_err(|error| tracing::error!(?row, %error, "an item of the due ledger")).ok()
        };
        let items = page.items.iter().filter_map(readable).collect();
        let next = match page.next_cursor {
            Some(after) => Position { minute: *minute, after: Some(after.as_str().to_owned()) },
            None => Position::at(minute.next()),
        };
        Ok(DuePage { items, next })
    }

    /// Consistent; `None` before the first run.
    pub(crate) async fn position(&self) -> Result<Option<Versioned<Position>>, StoreError> {
        let key = item_key(POSITION, &SortKey::SINGLE);
        let request = self.client.get_item().table_name(&self.table).set_key(Some(key)).consistent_read(true);
        let answer = request.send().await.map_err(StoreError::from_sdk)?;
        answer.item.map(|item| Row::new(item).state()).transpose()
    }

    /// Moves the position on from the version that was read, which is [`Version::NONE`] where none is stored. Fails with
    /// [`Conflict::Version`] if another run has moved it.
    pub(crate) async fn advance(&self, from: Version, to: &Position) -> Result<Version, StoreError> {
        let document = serde_json::to_string(to).map_err(StoreError::corrupt)?;
        let write = self.write(POSITION.to_owned(), &SortKey::SINGLE, Condition::expects(from));
        let write = write.with_document(from.next(), document);
        commit(&self.client, vec![write]).await?;
        Ok(from.next())
    }

    fn write(&self, partition: String, sort: &SortKey, condition: Condition) -> Write {
        Write::new(&self.table, partition, sort, condition, Conflict::Version)
    }
}

#[cfg(test)]
mod tests;
