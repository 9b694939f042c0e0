//! Notifications in the app.

use std::collections::BTreeSet;

use jiff::Timestamp;
use uuid::{Builder, Uuid};

use crate::id::{EventId, NotificationId, OrderId, UserId};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    pub id: NotificationId,
    pub recipient: UserId,
    pub kind: NotificationKind,
    pub created_at: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotificationKind {
    OrderConfirmed { order: OrderId },
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
