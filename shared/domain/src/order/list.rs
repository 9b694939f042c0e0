//! Orders in lists.

use jiff::Timestamp;

use super::{Order, OrderStatus};
use crate::id::{OrderId, UserId};
use crate::money::Money;

/// An order as a row of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderRow {
    pub id: OrderId,
    pub customer: UserId,
    pub status: OrderStatus,
    pub total: Money,
    pub line_count: usize,
    pub placed_at: Timestamp,
}

impl From<&Order> for OrderRow {
    fn from(order: &Order) -> OrderRow {
        OrderRow {
            id: order.id,
            customer: order.customer,
            status: order.status(),
            total: order.total(),
            line_count: order.lines.as_slice().len(),
            placed_at: order.placed_at,
        }
    }
}
