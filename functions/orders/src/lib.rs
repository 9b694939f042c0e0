//! Orders: how they are placed, changed, listed and shown, and who may see them.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod as_of;
mod lines;
mod reading;
mod requests;
mod store;
mod view;

use domain::Versioned;
use domain::id::OrderId;
use domain::order::{Command, Order, OrderEvent, OrderRefusal};
use domain::permission::Permission;
use platform::events::Failure;
use platform::http::{Call, Conditional, NoParameters, Precondition, Problem, Reply};
use platform::new_id;
use platform::table::{Decided, Known, Scope};
use platform::tenancy::Principal;

pub use as_of::PointInTime;
pub use reading::{history, list, recent, show};
pub use requests::{HistoryParameters, LineRequest, ListParameters, NewOrder, OrderParameters};
use store::AsOf;
pub use view::{OrderSummary, OrderView};

/// The one rule of visibility: who may not read the orders of all sees their own.
fn visible_to(principal: Principal, order: &Order) -> bool {
    is_own(principal, order) || principal.may(Permission::OrdersRead)
}

fn is_own(principal: Principal, order: &Order) -> bool {
    order.customer == principal.user()
}

pub async fn place(call: &Call<NoParameters, NewOrder>) -> Result<Reply<OrderView>, Problem> {
    let requests = &call.body.lines;
    let products = catalog::find_all(&call.store, &requests.products()).await?;
    let lines = lines::priced(requests, &products)?;
    let id = new_id(OrderId::from_uuid);
    let decided = Decided::first(Order::place(id, call.principal.user(), lines, call.stamp()));
    commit(call, &decided, reply(&decided.next).at(format!("/orders/{id}"))).await
}

/// Loads an order to decide a command on, at the version that the client has read.
pub async fn known_order<P, B>(call: &Call<P, B, Conditional>, id: OrderId) -> Result<Known<Order>, Problem> {
    let found = store::load(&call.store, id, AsOf::Now).await?;
    let found = found.filter(|order| visible_to(call.principal, &order.value));
    let found = found.ok_or_else(|| Problem::not_found("order"))?;
    if !is_own(call.principal, &found.value) && !call.principal.may(Permission::OrdersManage) {
        return Err(Problem::lacks(Permission::OrdersManage));
    }
    call.expect(found)
}

/// Carries out a command, and replies with the resulting order.
pub async fn change<P, B>(
    call: &Call<P, B, Conditional>,
    known: Known<Order>,
    command: Command,
) -> Result<Reply<OrderView>, Problem> {
    let decided = known.decide(|order| order.decide(command, call.stamp())).map_err(refused)?;
    commit(call, &decided, reply(&decided.next)).await
}

async fn commit<P, B, C: Precondition>(
    call: &Call<P, B, C>,
    decided: &Decided<Order, OrderEvent>,
    reply: Reply<OrderView>,
) -> Result<Reply<OrderView>, Problem> {
    store::append(&call.store, decided, &call.command(&reply)?).await?;
    Ok(reply)
}

fn reply(order: &Versioned<Order>) -> Reply<OrderView> {
    Reply::new(OrderView::from(order)).version(order.version)
}

fn refused(refusal: OrderRefusal) -> Problem {
    match refusal {
        OrderRefusal::NoSuchLine => Problem::not_found("line"),
        OrderRefusal::OtherCurrency => Problem::invalid("/productId", refusal),
        OrderRefusal::TotalTooLarge => Problem::invalid("/quantity", refusal),
        OrderRefusal::AlreadyConfirmed
        | OrderRefusal::Cancelled
        | OrderRefusal::LinesAreFixed
        | OrderRefusal::Full
        | OrderRefusal::ProductHasLine
        | OrderRefusal::LastLine => Problem::conflict(refusal.to_string()),
    }
}

/// Updates the lists from the order's current commits. An event of the order only says when that is due, so
/// events may be repeated or out of order.
pub async fn project(scope: &Scope, id: OrderId) -> Result<(), Failure> {
    let order = store::load(scope, id, AsOf::Now).await?;
    let order = order.ok_or_else(|| Failure::Permanent(format!("there is no order {id}")))?;
    Ok(store::upsert_rows(scope, &order).await?)
}

#[cfg(test)]
mod tests {
    use domain::Stamp;
    use domain::id::UserId;
    use domain::permission::PermissionSet;
    use domain::role::BuiltInRole;
    use platform::testing::principal;

    use super::*;

    #[test]
    fn an_order_is_visible_to_its_customer_and_to_who_may_read_all() {
        let [customer, other] = [(); 2].map(|()| new_id(UserId::from_uuid));
        let stamp = Stamp { at: jiff::Timestamp::UNIX_EPOCH, by: domain::Actor::User { id: customer } };
        let lines = store::tests::one_line();
        let order = Order::place(new_id(OrderId::from_uuid), customer, lines, stamp).next;
        let read = PermissionSet::of(&[Permission::OrdersRead]);
        assert!(visible_to(principal(customer, PermissionSet::NONE), &order));
        assert!(visible_to(principal(other, read), &order));
        let all_but_that = PermissionSet::all().without(read);
        assert!(!visible_to(principal(other, all_but_that), &order));
        assert!(!visible_to(principal(other, BuiltInRole::Editor.permissions()), &order));
    }
}
