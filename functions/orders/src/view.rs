//! Orders as clients see them.

use domain::id::{OrderId, ProductId, UserId};
use domain::money::{Money, Quantity};
use domain::order::list::OrderRow;
use domain::order::{Line, Order, OrderStatus};
use domain::text::{CancelReason, ProductName};
use domain::{Version, Versioned};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Order")]
pub struct OrderView {
    id: OrderId,
    status: OrderStatus,
    customer: UserId,
    lines: Vec<LineView>,
    total: Money,
    version: Version,
    placed_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    confirmed_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cancelled_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cancel_reason: Option<CancelReason>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "OrderLine")]
struct LineView {
    product_id: ProductId,
    name: ProductName,
    unit_price: Money,
    quantity: Quantity,
    total: Money,
}

impl From<&Versioned<Order>> for OrderView {
    fn from(Versioned { value: order, version }: &Versioned<Order>) -> Self {
        Self {
            id: order.id,
            status: order.status(),
            customer: order.customer,
            lines: (&order.lines).into_iter().map(LineView::from).collect(),
            total: order.total(),
            version: *version,
            placed_at: order.placed_at,
            confirmed_at: order.confirmed_at,
            cancelled_at: order.cancellation.as_ref().map(|cancellation| cancellation.at),
            cancel_reason: order.cancellation.as_ref().map(|cancellation| cancellation.reason.clone()),
        }
    }
}

impl From<&Line> for LineView {
    fn from(line: &Line) -> Self {
        Self {
            product_id: line.product(),
            name: line.name().clone(),
            unit_price: line.unit_price(),
            quantity: line.quantity(),
            total: line.total(),
        }
    }
}

/// An order in a list.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OrderSummary {
    id: OrderId,
    status: OrderStatus,
    total: Money,
    customer: UserId,
    line_count: usize,
    placed_at: Timestamp,
}

impl From<OrderRow> for OrderSummary {
    fn from(row: OrderRow) -> Self {
        let OrderRow { id, customer, status, total, line_count, placed_at } = row;
        Self { id, status, total, customer, line_count, placed_at }
    }
}
