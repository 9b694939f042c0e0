//! Projections: the orders of a tenant and of each customer, newest first.

use domain::id::{OrderId, UserId};
use domain::money::Money;
use domain::order::OrderStatus;
use domain::order::list::OrderRow;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::stores::commit::Condition;
use crate::stores::keys::{Partition, SK};
use crate::stores::scope::{Item, Listing, stored, text};
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
            match self.0.commit(vec![write]).await {
                Ok(()) | Err(StoreError::Conflict(Conflict::Version)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    pub async fn newest(&self, limit: usize) -> Result<Vec<OrderRow>, StoreError> {
        self.rows(Partition::OrderList, limit).await
    }

    pub async fn newest_of(&self, customer: UserId, limit: usize) -> Result<Vec<OrderRow>, StoreError> {
        self.rows(Partition::CustomerOrderList(customer), limit).await
    }

    async fn rows(&self, partition: Partition<'_>, limit: usize) -> Result<Vec<OrderRow>, StoreError> {
        let range = Listing { limit, ..Listing::default() };
        let page: Page<Item, String> = self.0.list(&partition, range).await?;
        page.items.iter().map(row).collect()
    }
}

fn row(item: &Item) -> Result<OrderRow, StoreError> {
    let id: OrderId = text(item, SK)?.parse().map_err(StoreError::corrupt)?;
    let stored = stored::<Document>(item)?;
    let Document { customer, status, total, line_count, placed_at } = stored.value;
    Ok(OrderRow { id, customer, status, total, line_count, placed_at, seq: stored.version.number() })
}
