//! What the endpoints of orders share: which orders a caller sees, and how one is changed.

mod as_of;
mod lines;
mod parameters;

pub use as_of::{PointInTime, order_as_of};
use domain::id::{OrderId, UserId};
use domain::order::Command;
use jiff::Timestamp;
pub use lines::{LineRequest, LineRequests, priced};
pub use parameters::{OrderParameters, VersionParameter};
use platform::http::{Call, Problem, Reply};
use platform::stores::{LoadedOrder, decide_order};
use platform::tenancy::Caller;
use platform::views::OrderView;

/// The order, if it is one that the caller may see: of others the caller learns nothing.
fn visible(caller: Caller, loaded: Option<LoadedOrder>) -> Option<LoadedOrder> {
    loaded.filter(|loaded| loaded.order.is_open_to(caller.user(), caller.role()))
}

/// The order as the caller knows it, to decide a command on.
pub async fn known_order<P, B>(call: &Call<P, B>, id: OrderId) -> Result<LoadedOrder, Problem> {
    let loaded = visible(call.caller, call.store.orders().load(id).await?);
    let loaded = loaded.ok_or_else(|| Problem::not_found("order"))?;
    call.admit(loaded.version)?;
    Ok(loaded)
}

/// Carries the command out, and answers the order as it is then.
pub async fn change<P, B>(
    call: &Call<P, B>,
    known: LoadedOrder,
    command: impl FnOnce(Timestamp) -> Command,
) -> Result<Reply<OrderView>, Problem> {
    let decision = decide_order(Some(known), call.now(), command)?;
    let reply = Reply::new(OrderView::from(&decision.next)).version(decision.next.version);
    call.store.orders().append(&decision, call.command(&reply)?).await?;
    Ok(reply)
}

/// Whose orders a caller lists: an admin everybody's or one customer's, a member the own ones.
pub fn listed_customer(caller: Caller, asked: Option<UserId>) -> Result<Option<UserId>, Problem> {
    match asked {
        asked if caller.is_admin() => Ok(asked),
        Some(other) if other != caller.user() => {
            Err(Problem::forbidden("Members list their own orders; leave customer out, or ask an admin."))
        }
        _ => Ok(Some(caller.user())),
    }
}
