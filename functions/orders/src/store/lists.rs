//! The projections: the orders of a tenant and of each customer.

use domain::Versioned;
use domain::id::{OrderId, UserId};
use domain::money::Money;
use domain::order::list::OrderRow;
use domain::order::{Order, OrderStatus};
use futures::try_join;
use jiff::Timestamp;
use platform::table::namespace::orders::{ORDERS, ORDERS_OF};
use platform::table::{Condition, Conflict, Listing, Page, Partition, Row, Scope, SortKey, StoreError};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    customer: UserId,
    status: OrderStatus,
    total: Money,
    line_count: usize,
    placed_at: Timestamp,
}

/// Writes the order's rows in both lists, side by side, unless they are of the same or a newer version. Events may
/// therefore be repeated or out of order. Where one of the rows fails, the message comes again.
pub(crate) async fn upsert_rows(scope: &Scope, order: &Versioned<Order>) -> Result<(), StoreError> {
    let OrderRow { id, customer, status, total, line_count, placed_at } = OrderRow::from(&order.value);
    let document = Document { customer, status, total, line_count, placed_at };
    let upsert = async |partition: Partition| {
        let condition = Condition::older_than(order.version);
        let state = (order.version, &document);
        let write = scope.write_state(&partition, SortKey::of(id), condition, Conflict::Version, state)?;
        match scope.commit(vec![write.in_facet(status.as_str())]).await {
            Err(StoreError::Conflict(Conflict::Version)) => Ok(()),
            outcome => outcome,
        }
    };
    try_join!(upsert(ORDERS.partition()), upsert(ORDERS_OF.of(customer))).map(drop)
}

/// Lists the newest orders first, of one customer or of all, and of one status or of any.
pub(crate) async fn list(
    scope: &Scope,
    customer: Option<UserId>,
    status: Option<OrderStatus>,
    cursor: Option<OrderId>,
    limit: usize,
) -> Result<Page<OrderRow, OrderId>, StoreError> {
    let partition = customer.map_or_else(|| ORDERS.partition(), |user| ORDERS_OF.of(user));
    let by = status.map(OrderStatus::as_str).into();
    let range = Listing { by, cursor: cursor.map(SortKey::of), limit, ..Listing::default() };
    scope.list(&partition, range).await?.read(row)
}

fn row(row: &Row) -> Result<OrderRow, StoreError> {
    let Document { customer, status, total, line_count, placed_at } = row.state::<Document>()?.value;
    Ok(OrderRow { id: row.id()?, customer, status, total, line_count, placed_at })
}
