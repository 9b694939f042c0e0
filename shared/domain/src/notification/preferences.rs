use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::NotificationKind;

/// On which channels a user wants to hear of each kind of notification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Preferences {
    pub order_confirmed: Channels,
    pub order_cancelled: Channels,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Channels {
    /// In the list of notifications, exactly once.
    pub in_app: bool,
    /// By mail; a crash at the wrong moment sends it twice.
    pub email: bool,
}

/// Who has not chosen is told in the app, and gets no mail.
impl Default for Channels {
    fn default() -> Channels {
        Channels { in_app: true, email: false }
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
