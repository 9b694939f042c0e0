//! Inboxes: notifications in the app, and beside them a counter of unread ones, which changes in the same
//! commits.

use domain::id::{NotificationId, UserId};
use domain::notification::{Notification, NotificationKind};
use domain::{Version, Versioned};
use jiff::Timestamp;
use platform::table::namespace::notifications::INBOX;
use platform::table::{
    Attribute, Condition, Conflict, Listing, Page, Row, Scope, SortKey, StoreError, Write, beginning_with,
};
use serde::{Deserialize, Serialize};

/// The counter's sort key. It sorts after those of all notifications, so that one Query, newest first, reads
/// both.
pub(super) const UNREAD: &str = "unread";
/// The prefix of the sort keys of notifications.
const NOTIFICATIONS: &str = "ntf_";

pub(super) const COUNT: Attribute = Attribute::new("count");
pub(super) const READ_AT: Attribute = Attribute::new("readAt");

const DELIVERED: Conflict = Conflict::Exists("notification");

pub(crate) struct Inbox<'a>(pub(super) &'a Scope);

pub(crate) fn inbox(scope: &Scope) -> Inbox<'_> {
    Inbox(scope)
}

/// How many notifications are unread, and the newest ones, read or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct InboxOverview {
    pub(crate) unread: u64,
    pub(crate) newest: Vec<Notification>,
}

/// The part of a notification that never changes. The time of its reading is an attribute, for conditions.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    #[serde(flatten)]
    kind: NotificationKind,
    created_at: Timestamp,
}

impl Inbox<'_> {
    /// Adds the notification and counts it, once however often its event is delivered.
    pub(crate) async fn deliver(&self, notification: &Notification) -> Result<(), StoreError> {
        let document = Document { kind: notification.kind.clone(), created_at: notification.created_at };
        let put = self.0.write_state(
            &INBOX.of(notification.recipient),
            SortKey::of(notification.id),
            Condition::absent(),
            DELIVERED,
            (Version::FIRST, &document),
        )?;
        match self.0.commit(vec![put, self.counter(notification.recipient, 1)]).await {
            Err(StoreError::Conflict(was)) if was == DELIVERED => Ok(()),
            outcome => outcome,
        }
    }

    pub(crate) async fn list(
        &self,
        recipient: UserId,
        limit: usize,
        cursor: Option<NotificationId>,
    ) -> Result<Page<Notification, NotificationId>, StoreError> {
        let listing = Listing {
            between: Some(beginning_with(NOTIFICATIONS)),
            cursor: cursor.map(SortKey::of),
            limit,
            ..Listing::default()
        };
        let page = self.0.list(&INBOX.of(recipient), listing).await?;
        page.read(|row| notification(recipient, row))
    }

    /// Reads the counter and the newest notifications by one Query.
    pub(crate) async fn overview(
        &self,
        recipient: UserId,
        length: usize,
    ) -> Result<InboxOverview, StoreError> {
        let listing = Listing { limit: length + 1, ..Listing::default() };
        let page = self.0.list(&INBOX.of(recipient), listing).await?;
        let mut overview = InboxOverview { unread: 0, newest: Vec::with_capacity(length) };
        for row in &page.items {
            if row.sort_key()?.as_str() == UNREAD {
                overview.unread = row.number(COUNT)?;
            } else if overview.newest.len() < length {
                overview.newest.push(notification(recipient, row)?);
            }
        }
        Ok(overview)
    }

    pub(crate) async fn unread(&self, recipient: UserId) -> Result<u64, StoreError> {
        let counter = self.0.get_eventually(&INBOX.of(recipient), &SortKey::word(UNREAD)).await?;
        counter.map_or(Ok(0), |counter| counter.number(COUNT))
    }

    /// The write that changes the counter, to be committed with what it counts. The commit fails rather than
    /// make the count negative.
    pub(super) fn counter(&self, recipient: UserId, change: i64) -> Write {
        let least = (-change).max(0);
        let expression = match change {
            ..0 => "#count >= :least",
            _ => "attribute_not_exists(pk) OR #count >= :least",
        };
        let condition = Condition::with(expression, ":least", least);
        self.0
            .write(&INBOX.of(recipient), SortKey::word(UNREAD), condition, Conflict::Version)
            .update()
            .add_number(COUNT, change)
    }
}

pub(super) fn notification(recipient: UserId, row: &Row) -> Result<Notification, StoreError> {
    let Versioned { value: Document { kind, created_at }, .. } = row.state()?;
    let read_at = match row.has(READ_AT) {
        true => Some(row.text(READ_AT)?.parse().map_err(StoreError::corrupt)?),
        false => None,
    };
    Ok(Notification { id: row.id()?, recipient, kind, created_at, read_at })
}
