//! Notifications as clients see them.

use domain::Version;
use domain::id::NotificationId;
use domain::notification::{Notification, NotificationKind, Preferences};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use crate::store::InboxOverview;

#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Notification")]
pub struct NotificationView {
    id: NotificationId,
    #[serde(flatten)]
    kind: NotificationKind,
    created_at: Timestamp,
    /// Absent while the notification is unread.
    #[serde(skip_serializing_if = "Option::is_none")]
    read_at: Option<Timestamp>,
}

impl From<Notification> for NotificationView {
    fn from(notification: Notification) -> Self {
        let Notification { id, recipient: _, kind, created_at, read_at } = notification;
        Self { id, kind, created_at, read_at }
    }
}

/// The number of unread notifications, and the newest notifications.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "NotificationOverview")]
pub struct OverviewView {
    unread: u64,
    /// The newest notifications, read or not.
    items: Vec<NotificationView>,
}

impl From<InboxOverview> for OverviewView {
    fn from(InboxOverview { unread, newest }: InboxOverview) -> Self {
        Self { unread, items: newest.into_iter().map(NotificationView::from).collect() }
    }
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "NotificationPreferences")]
pub struct PreferencesView {
    pub(crate) preferences: Preferences,
    /// 0 while the user has chosen nothing, and these are the defaults.
    pub(crate) version: Version,
}

#[derive(Serialize, JsonSchema)]
pub struct UnreadCount {
    pub(crate) unread: u64,
}

#[derive(Serialize, JsonSchema)]
pub struct ReadCount {
    /// The number of notifications that this request has marked as read.
    pub(crate) read: usize,
}
