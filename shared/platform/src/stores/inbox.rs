//! Notifications in the app, and beside them how many are unread: both change in one commit.

mod reading;

use aws_sdk_dynamodb::types::AttributeValue;
use domain::id::{NotificationId, OrderId, UserId};
use domain::notification::{Notification, NotificationKind};
use domain::text::CancelReason;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::stores::keys::{Partition, SK};
use crate::stores::listing::{Listing, beginning_with};
use crate::stores::scope::{Item, number, stored, text};
use crate::stores::write::{Condition, Write};
use crate::stores::{Conflict, Page, Scope, StoreError, Version};

/// The counter's sort key. It is behind every notification's, so that one Query, newest first, reads both.
const UNREAD: &str = "unread";
const NOTIFICATIONS: &str = "ntf_";

const COUNT: &str = "count";
const READ_AT: &str = "readAt";

const DELIVERED: Conflict = Conflict::Exists("notification");

pub struct Inbox<'a>(pub(crate) &'a Scope);

/// How many notifications are unread, and the newest ones, read or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboxOverview {
    pub unread: u64,
    pub newest: Vec<Notification>,
}

/// What never changes. When it was read is an attribute of its own, for conditions.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    #[serde(flatten)]
    kind: Kind,
    created_at: Timestamp,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
enum Kind {
    OrderConfirmed { order: OrderId },
    OrderCancelled { order: OrderId, reason: CancelReason },
}

impl Inbox<'_> {
    /// Puts the notification in once and counts it once, however often the event comes.
    pub async fn deliver(&self, notification: &Notification) -> Result<(), StoreError> {
        let kind = match notification.kind.clone() {
            NotificationKind::OrderConfirmed { order } => Kind::OrderConfirmed { order },
            NotificationKind::OrderCancelled { order, reason } => Kind::OrderCancelled { order, reason },
        };
        let document = Document { kind, created_at: notification.created_at };
        let put = self.0.write_state(
            &Partition::Inbox(notification.recipient),
            notification.id.to_string(),
            Condition::absent(),
            DELIVERED,
            (Version::FIRST, &document),
        )?;
        match self.0.commit(vec![put, self.counter(notification.recipient, 1)]).await {
            Err(StoreError::Conflict(was)) if was == DELIVERED => Ok(()),
            outcome => outcome,
        }
    }

    pub async fn list(
        &self,
        recipient: UserId,
        limit: usize,
        below: Option<NotificationId>,
    ) -> Result<Page<Notification, NotificationId>, StoreError> {
        let listing = Listing {
            between: Some(beginning_with(NOTIFICATIONS)),
            after: below.map(|id| id.to_string()),
            limit,
            ..Listing::default()
        };
        let page = self.0.list(&Partition::Inbox(recipient), listing).await?;
        Ok(Page {
            items: page.items.iter().map(|item| notification(recipient, item)).collect::<Result<_, _>>()?,
            next_cursor: page.next_cursor.map(|id| id.parse()).transpose().map_err(StoreError::corrupt)?,
        })
    }

    /// One Query for both.
    pub async fn overview(&self, recipient: UserId, length: usize) -> Result<InboxOverview, StoreError> {
        let listing = Listing { limit: length + 1, ..Listing::default() };
        let page = self.0.list(&Partition::Inbox(recipient), listing).await?;
        let mut overview = InboxOverview { unread: 0, newest: Vec::with_capacity(length) };
        for item in &page.items {
            if text(item, SK)? == UNREAD {
                overview.unread = number(item, COUNT)?;
            } else if overview.newest.len() < length {
                overview.newest.push(notification(recipient, item)?);
            }
        }
        Ok(overview)
    }

    pub async fn unread(&self, recipient: UserId) -> Result<u64, StoreError> {
        let counter = self.0.get_eventually(&Partition::Inbox(recipient), UNREAD).await?;
        counter.map_or(Ok(0), |counter| number(&counter, COUNT))
    }

    /// To be committed with what it counts. It never falls below zero.
    fn counter(&self, recipient: UserId, change: i64) -> Write {
        let least = AttributeValue::N((-change).max(0).to_string());
        let expression = match change {
            ..0 => "#count >= :least",
            _ => "attribute_not_exists(pk) OR #count >= :least",
        };
        let condition = Condition::with(expression, ":least", least);
        self.0
            .write(&Partition::Inbox(recipient), UNREAD, condition, Conflict::Version)
            .update()
            .add_number(COUNT, change)
    }
}

fn notification(recipient: UserId, item: &Item) -> Result<Notification, StoreError> {
    let id = text(item, SK)?.parse().map_err(StoreError::corrupt)?;
    let Document { kind, created_at } = stored::<Document>(item)?.value;
    let kind = match kind {
        Kind::OrderConfirmed { order } => NotificationKind::OrderConfirmed { order },
        Kind::OrderCancelled { order, reason } => NotificationKind::OrderCancelled { order, reason },
    };
    let read_at = match item.get(READ_AT) {
        Some(_) => Some(text(item, READ_AT)?.parse().map_err(StoreError::corrupt)?),
        None => None,
    };
    Ok(Notification { id, recipient, kind, created_at, read_at })
}
