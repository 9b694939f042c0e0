//! Notifications: their recipients, ids, kinds and channels.

mod kinds;

use std::collections::BTreeSet;

use jiff::Timestamp;
use uuid::{Builder, Uuid};

use crate::id::{EventId, NotificationId, UserId};
use crate::{Decision, Stamp};

pub use kinds::{Channels, NotificationKind, Preferences, Words};

/// A notification in its recipient's inbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    pub id: NotificationId,
    pub recipient: UserId,
    pub kind: NotificationKind,
    pub created_at: Timestamp,
    pub read_at: Option<Timestamp>,
}

impl Notification {
    /// Marks the notification as read at that time, unless it was read before.
    #[must_use]
    pub fn read(self, at: Timestamp) -> Notification {
        Notification { read_at: self.read_at.or(Some(at)), ..self }
    }
}

impl Preferences {
    /// Decides that these preferences replace the previous ones. There is no event, since nobody but the user
    /// is concerned.
    pub fn replace(self, stamp: Stamp) -> Decision<Preferences> {
        Decision { stamp, events: Vec::new(), next: self }
    }
}

/// The recipients of an event about a customer's order: the customer and those who are told, each once.
pub fn recipients(customer: UserId, told: impl IntoIterator<Item = UserId>) -> BTreeSet<UserId> {
    told.into_iter().chain([customer]).collect()
}

/// The id of the notification of an event for a recipient.
///
/// It is derived from the two, so that a repeated delivery of the event yields the same id. Its first 48 bits
/// are those of the event's id, a timestamp, so that notifications sort as their events do.
pub fn notification_id(event: EventId, recipient: UserId) -> NotificationId {
    let mut bytes = Uuid::new_v5(&event.uuid(), recipient.uuid().as_bytes()).into_bytes();
    let timestamp = &event.uuid().into_bytes()[..6];
    bytes[..6].copy_from_slice(timestamp);
    NotificationId::from_uuid(Builder::from_custom_bytes(bytes).into_uuid())
}

#[cfg(test)]
mod tests;
