//! Projections: the orders of a tenant and of each customer, newest first.

use domain::id::{OrderId, UserId};
use domain::money::Money;
use domain::order::OrderStatus;
use domain::order::list::OrderRow;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::stores::keys::{Partition, SK};
use crate::stores::listing::Listing;
use crate::stores::scope::{Item, stored, text};
use crate::stores::write::Condition;
use crate::stores::{Conflict, LoadedOrder, Page, Scope, StoreError};

pub struct OrderLists<'a>(pub(crate) &'a Scope);

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    customer: UserId,
    status: OrderStatus,
    total: Money,
    line_count: usize,
    placed_at: Timestamp,
}

impl OrderLists<'_> {
    /// Shows the order in both lists as of its version. A row that is newer stays, so messages may come twice and in
    /// any order.
    pub async fn show(&self, loaded: &LoadedOrder) -> Result<(), StoreError> {
        let row = OrderRow::of(&loaded.order, loaded.version.number());
        let document = Document {
            customer: row.customer,
            status: row.status,
            total: row.total,
            line_count: row.line_count,
            placed_at: row.placed_at,
        };
        for partition in [Partition::OrderList, Partition::CustomerOrderList(row.customer)] {
            let condition = Condition::older_than(loaded.version);
            let state = (loaded.version, &document);
            let write =
                self.0.write_state(&partition, row.id.to_string(), condition, Conflict::Version, state)?;
            match self.0.commit(vec![write.in_facet(row.status.as_str())]).await {
                Ok(()) | Err(StoreError::Conflict(Conflict::Version)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Of one customer or of all, in one status or in any, newest first: those below that order.
    pub async fn list(
        &self,
        customer: Option<UserId>,
        status: Option<OrderStatus>,
        below: Option<OrderId>,
        limit: usize,
    ) -> Result<Page<OrderRow, OrderId>, StoreError> {
        let partition = customer.map_or(Partition::OrderList, Partition::CustomerOrderList);
        let range = Listing {
            facet: status.map(OrderStatus::as_str),
            after: below.map(|id| id.to_string()),
            limit,
            ..Listing::default()
        };
        let page = self.0.list(&partition, range).await?;
        Ok(Page {
            items: page.items.iter().map(row).collect::<Result<_, _>>()?,
            next_cursor: page.next_cursor.map(|id| id.parse()).transpose().map_err(StoreError::corrupt)?,
        })
    }
}

fn row(item: &Item) -> Result<OrderRow, StoreError> {
    let id: OrderId = text(item, SK)?.parse().map_err(StoreError::corrupt)?;
    let stored = stored::<Document>(item)?;
    let Document { customer, status, total, line_count, placed_at } = stored.value;
    Ok(OrderRow { id, customer, status, total, line_count, placed_at, seq: stored.version.number() })
}
