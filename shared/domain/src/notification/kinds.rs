//! The kinds of notifications. A kind is declared here and nowhere else: its data, its words, and what those who have not
//! chosen get. Its data is what the inbox stores and what clients see.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::id::OrderId;
use crate::text::CancelReason;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum NotificationKind {
    OrderConfirmed { order_id: OrderId },
    OrderCancelled { order_id: OrderId, reason: CancelReason },
}

/// On which channels a user wants to hear of each kind of notification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Preferences {
    pub order_confirmed: Channels,
    pub order_cancelled: Channels,
}

/// What a notification says outside of the app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    pub subject: String,
    /// Follows the greeting.
    pub news: String,
}

impl NotificationKind {
    pub fn words(&self) -> Words {
        match self {
            Self::OrderConfirmed { order_id } => Words {
                subject: format!("Order {order_id} is confirmed"),
                news: format!("the order {order_id} is confirmed."),
            },
            Self::OrderCancelled { order_id, reason } => Words {
                subject: format!("Order {order_id} is cancelled"),
                news: format!("the order {order_id} is cancelled. The reason: {}", reason.as_str()),
            },
        }
    }
}

impl Preferences {
    pub fn channels(&self, kind: &NotificationKind) -> Channels {
        match kind {
            NotificationKind::OrderConfirmed { .. } => self.order_confirmed,
            NotificationKind::OrderCancelled { .. } => self.order_cancelled,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Channels {
    /// In the list of notifications, exactly once.
    pub in_app: bool,
    /// By mail; a crash at the wrong moment sends it twice.
    pub email: bool,
}

/// Who has not chosen is notified in the app, and gets no mail.
impl Default for Channels {
    fn default() -> Channels {
        Channels { in_app: true, email: false }
    }
}
