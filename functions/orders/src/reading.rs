//! Reads orders for a principal.

use domain::id::{OrderId, UserId};
use domain::permission::Permission;
use domain::{Version, Versioned};
use platform::http::{Call, EventView, NoBody, Problem, Reply, VersionParameter};
use platform::table::{Page, Scope, StoreError};
use platform::tenancy::Principal;

use crate::store::{self, AsOf};
use crate::{HistoryParameters, ListParameters, OrderSummary, OrderView, PointInTime, reply, visible_to};

/// Shows an order as it is now, at a version or at a time. An order that the principal may not see is not
/// found, the same as one that does not exist.
pub async fn show(call: &Call<PointInTime, NoBody>) -> Result<Reply<OrderView>, Problem> {
    let as_of = call.parameters.as_of(call.now())?;
    let loaded = store::load(&call.store, call.parameters.id, as_of).await?;
    let loaded = loaded.filter(|order| visible_to(call.principal, &order.value));
    match (loaded, as_of) {
        (Some(Versioned { version, .. }), AsOf::Version(asked)) if version < asked => {
            Err(Problem::not_found(&format!("version of the order yet; it is at version {version}")))
        }
        (Some(loaded), _) => Ok(reply(&loaded)),
        (None, AsOf::Time(_)) => Err(Problem::not_found("order at that time")),
        (None, _) => Err(Problem::not_found("order")),
    }
}

/// Lists the events of an order, oldest first.
pub async fn history(call: &Call<HistoryParameters, NoBody>) -> Result<Page<EventView, Version>, Problem> {
    let HistoryParameters { id, limit, cursor } = call.parameters;
    let cursor = cursor.map(VersionParameter::get);
    let found = store::history(&call.store, id, cursor, limit.get()).await?;
    let found = found.filter(|(placed, _)| visible_to(call.principal, placed));
    let (_, page) = found.ok_or_else(|| Problem::not_found("order"))?;
    Ok(EventView::page(page))
}

pub async fn list(call: &Call<ListParameters, NoBody>) -> Result<Page<OrderSummary, OrderId>, Problem> {
    let ListParameters { limit, cursor, status, customer } = call.parameters;
    let customer = listed_customer(call.principal, customer)?;
    let page = store::list(&call.store, customer, status, cursor, limit.get()).await?;
    Ok(page.map(OrderSummary::from))
}

/// The newest orders that the principal may see.
pub async fn recent(
    principal: Principal,
    scope: &Scope,
    length: usize,
) -> Result<Vec<OrderSummary>, StoreError> {
    let customer = (!principal.may(Permission::OrdersRead)).then(|| principal.user());
    Ok(store::list(scope, customer, None, None, length).await?.map(OrderSummary::from).items)
}

/// The customer whose orders are listed; `None` for all customers, which takes a permission.
fn listed_customer(principal: Principal, asked: Option<UserId>) -> Result<Option<UserId>, Problem> {
    match asked {
        asked if principal.may(Permission::OrdersRead) => Ok(asked),
        Some(other) if other != principal.user() => Err(Problem::lacks(Permission::OrdersRead)),
        _ => Ok(Some(principal.user())),
    }
}
