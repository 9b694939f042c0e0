//! The dashboard. Its sections are read concurrently, and each has its own deadline and may fail alone.

use std::time::Duration;

use domain::permission::Permission;
use notifications::OverviewView;
use orders::OrderSummary;
use platform::accounts::UserView;
use platform::table::{Scope, StoreError};
use platform::tenancy::Principal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::time::timeout;

/// Longer than one call to AWS with all its attempts, and shorter than the function's timeout.
const SECTION_DEADLINE: Duration = Duration::from_secs(3);

#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum View {
    Web,
    Mobile,
}

/// A section that could not be read is null, and `unavailable` has its name.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Dashboard {
    user: Option<UserView>,
    recent_orders: Option<Vec<OrderSummary>>,
    notifications: Option<OverviewView>,
    unavailable: Vec<&'static str>,
}

impl View {
    /// The number of items in each list.
    fn length(self) -> usize {
        match self {
            Self::Web => 10,
            Self::Mobile => 3,
        }
    }
}

impl Dashboard {
    /// Reads the sections with eventually consistent reads.
    pub async fn read(store: &Scope, principal: Principal, view: View) -> Self {
        let (user, orders, notifications) = tokio::join!(
            section("user", user(store, principal)),
            section("recentOrders", orders::recent(principal, store, view.length())),
            section("notifications", notifications::overview(principal, store, view.length())),
        );
        let unavailable = [user.as_ref().err(), orders.as_ref().err(), notifications.as_ref().err()];
        Self {
            unavailable: unavailable.into_iter().flatten().copied().collect(),
            user: user.ok(),
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

async fn user(store: &Scope, principal: Principal) -> Result<UserView, StoreError> {
    let user = store.users().get_eventually(principal.user()).await?;
    let user = user.ok_or_else(|| StoreError::Corrupt(format!("there is no user {}", principal.user())))?;
    Ok(UserView::new(user, principal.tenant(), principal.may(Permission::TenantOwn)))
}
