//! The kinds of notifications: the data, the text and the default channels of each.
//!
//! The data has one form, which is both what the inbox stores and what clients see.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::id::{CommentId, OrderId, PostId};
use crate::locale::Locale;
use crate::text::CancelReason;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum NotificationKind {
    OrderConfirmed { order_id: OrderId },
    OrderCancelled { order_id: OrderId, reason: CancelReason },
    CommentPosted { post_id: PostId, comment_id: CommentId },
}

/// The channels on which a user is notified, for each kind of notification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Preferences {
    pub order_confirmed: Channels,
    pub order_cancelled: Channels,
    pub comment_posted: Channels,
}

/// The text of a notification outside of the app. It holds nobody's own words, since a mail may go to an address that
/// was never confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    pub subject: String,
    pub news: String,
}

impl NotificationKind {
    pub fn words(&self, locale: Locale) -> Words {
        let (subject, news) = match (self, locale) {
            (Self::OrderConfirmed { order_id }, Locale::English) => {
                (format!("Order {order_id} is confirmed"), format!("The order {order_id} is confirmed."))
            }
            (Self::OrderConfirmed { order_id }, Locale::German) => (
                format!("Bestellung {order_id} ist bestätigt"),
                format!("Die Bestellung {order_id} ist bestätigt."),
            ),
            (Self::OrderCancelled { order_id, .. }, Locale::English) => (
                format!("Order {order_id} is cancelled"),
                format!("The order {order_id} is cancelled. You find the reason among your notifications."),
            ),
            (Self::OrderCancelled { order_id, .. }, Locale::German) => (
                format!("Bestellung {order_id} ist storniert"),
                format!(
                    "Die Bestellung {order_id} ist storniert. Den Grund finden Sie bei Ihren Benachrichtigungen."
                ),
            ),
            (Self::CommentPosted { post_id, .. }, Locale::English) => (
                "There is a new comment".to_owned(),
                format!("There is a new comment on the post {post_id}. You find it where the post is shown."),
            ),
            (Self::CommentPosted { post_id, .. }, Locale::German) => (
                "Es gibt einen neuen Kommentar".to_owned(),
                format!(
                    "Es gibt einen neuen Kommentar zum Beitrag {post_id}. Sie finden ihn dort, wo der Beitrag steht."
                ),
            ),
        };
        Words { subject, news }
    }
}

impl Preferences {
    /// The channels for a notification of this kind.
    pub fn channels(&self, kind: &NotificationKind) -> Channels {
        match kind {
            NotificationKind::OrderConfirmed { .. } => self.order_confirmed,
            NotificationKind::OrderCancelled { .. } => self.order_cancelled,
            NotificationKind::CommentPosted { .. } => self.comment_posted,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Channels {
    /// Adds the notification to the list of notifications, exactly once.
    pub in_app: bool,
    /// Sends an e-mail. After a crash it may be sent twice.
    pub email: bool,
}

/// Users who have not chosen are notified in the app, and get no e-mail.
impl Default for Channels {
    fn default() -> Channels {
        Channels { in_app: true, email: false }
    }
}
