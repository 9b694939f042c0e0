//! The dashboard's sections: each is read beside the others, has a deadline of its own, and may fail alone.

use std::time::Duration;

use platform::stores::{InboxOverview, LoadedUser, Scope, StoreError};
use platform::tenancy::Caller;
use platform::views::{NotificationView, OrderSummary, UserView};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::time::timeout;

/// A call with all its attempts fits inside, and the whole fits into the function's time-out.
const SECTION_DEADLINE: Duration = Duration::from_secs(3);

#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum View {
    Web,
    Mobile,
}

/// A section that could not be read is null, and its name is under `unavailable`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Dashboard {
    user: Option<UserView>,
    recent_orders: Option<Vec<OrderSummary>>,
    notifications: Option<Notifications>,
    unavailable: Vec<&'static str>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "NotificationOverview")]
struct Notifications {
    unread: u64,
    /// The newest, read or not.
    items: Vec<NotificationView>,
}

impl View {
    fn length(self) -> usize {
        match self {
            Self::Web => 10,
            Self::Mobile => 3,
        }
    }
}

impl Dashboard {
    pub async fn read(store: &Scope, caller: Caller, view: View) -> Self {
        let (user, orders, notifications) = tokio::join!(
            section("user", user(store, caller)),
            section("recentOrders", recent_orders(store, caller, view.length())),
            section("notifications", notifications(store, caller, view.length())),
        );
        let unavailable = [user.as_ref().err(), orders.as_ref().err(), notifications.as_ref().err()];
        Self {
            unavailable: unavailable.into_iter().flatten().copied().collect(),
            user: user.ok().map(|user| UserView::new(user, caller.tenant())),
            recent_orders: orders.ok(),
            notifications: notifications.ok(),
        }
    }
}

async fn section<T>(
    name: &'static str,
    read: impl Future<Output = Result<T, StoreError>>,
) -> Result<T, &'static str> {
    let reason = match timeout(SECTION_DEADLINE, read).await {
        Ok(Ok(section)) => return Ok(section),
        Ok(Err(error)) => error.to_string(),
        Err(_) => "the deadline passed".to_owned(),
    };
    tracing::error!(section = name, reason, "a section of the dashboard is missing");
    Err(name)
}

async fn user(store: &Scope, caller: Caller) -> Result<LoadedUser, StoreError> {
    let user = store.users().view(caller.user()).await?;
    user.ok_or_else(|| StoreError::Corrupt(format!("there is no user {}", caller.user())))
}

/// An admin sees the tenant's orders, a member the own ones.
async fn recent_orders(
    store: &Scope,
    caller: Caller,
    length: usize,
) -> Result<Vec<OrderSummary>, StoreError> {
    let customer = (!caller.is_admin()).then(|| caller.user());
    let page = store.order_lists().list(customer, None, None, length).await?;
    Ok(page.map(OrderSummary::from).items)
}

async fn notifications(store: &Scope, caller: Caller, length: usize) -> Result<Notifications, StoreError> {
    let InboxOverview { unread, newest } = store.inbox().overview(caller.user(), length).await?;
    Ok(Notifications { unread, items: newest.into_iter().map(NotificationView::from).collect() })
}
