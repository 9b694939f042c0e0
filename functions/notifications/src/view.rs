//! What clients see of notifications.

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
    /// As long as it was not read, there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    read_at: Option<Timestamp>,
}

impl From<Notification> for NotificationView {
    fn from(notification: Notification) -> Self {
        let Notification { id, recipient: _, kind, created_at, read_at } = notification;
        Self { id, kind, created_at, read_at }
    }
}

/// How many notifications are unread, and the newest ones.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "NotificationOverview")]
pub struct OverviewView {
    unread: u64,
    /// The newest, read or not.
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
    /// 0 as long as nothing was chosen: these are the defaults.
    pub(crate) version: Version,
}

#[derive(Serialize, JsonSchema)]
pub struct UnreadCount {
    pub(crate) unread: u64,
}

#[derive(Serialize, JsonSchema)]
pub struct ReadCount {
    /// How many this request marked as read.
    pub(crate) read: usize,
}
