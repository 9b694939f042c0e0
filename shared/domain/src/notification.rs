//! Notifications: who is told of what, and how.

mod kinds;

use std::collections::BTreeSet;

use jiff::Timestamp;
use uuid::{Builder, Uuid};

use crate::id::{EventId, NotificationId, UserId};
use crate::{Decision, Stamp};

pub use kinds::{Channels, NotificationKind, Preferences, Words};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    pub id: NotificationId,
    pub recipient: UserId,
    pub kind: NotificationKind,
    pub created_at: Timestamp,
    pub read_at: Option<Timestamp>,
}

impl Notification {
    /// What was read before stays read at that time.
    #[must_use]
    pub fn read(self, at: Timestamp) -> Notification {
        Notification { read_at: self.read_at.or(Some(at)), ..self }
    }
}

impl Preferences {
    /// A choice replaces the one before. It is nobody's business but the user's, so there is no event.
    pub fn replace(self, stamp: Stamp) -> Decision<Preferences> {
        Decision { stamp, events: Vec::new(), next: self }
    }
}

/// Who hears of an event: once each, also when the customer is an admin.
pub fn recipients(customer: UserId, admins: impl IntoIterator<Item = UserId>) -> BTreeSet<UserId> {
    admins.into_iter().chain([customer]).collect()
}

/// The same id whenever the event is delivered again, a different one for each recipient, in the order of the events' ids.
pub fn notification_id(event: EventId, recipient: UserId) -> NotificationId {
    let mut bytes = Uuid::new_v5(&event.uuid(), recipient.uuid().as_bytes()).into_bytes();
    let timestamp = &event.uuid().into_bytes()[..6];
    bytes[..6].copy_from_slice(timestamp);
    NotificationId::from_uuid(Builder::from_custom_bytes(bytes).into_uuid())
}

#[cfg(test)]
mod tests;
