use serde::{Deserialize, Serialize};

use crate::id::{OrderId, ProductId, UserId};
use crate::money::{Money, Quantity};
use crate::text::{CancelReason, ProductName};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OrderPlaced {
    pub order: OrderId,
    pub customer: UserId,
    pub lines: Vec<OrderedLine>,
    pub total: Money,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LineAdded {
    pub order: OrderId,
    pub line: OrderedLine,
    /// The order's total with the line.
    pub total: Money,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LineRemoved {
    pub order: OrderId,
    pub product: ProductId,
    /// The order's total without the line.
    pub total: Money,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OrderConfirmed {
    pub order: OrderId,
    pub customer: UserId,
    /// The user who confirmed the order; `None` for an operator.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<UserId>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OrderCancelled {
    pub order: OrderId,
    pub customer: UserId,
    /// The user who cancelled the order; `None` for an operator.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<UserId>,
    pub reason: CancelReason,
}

/// A line of an order, with the name and the price that the product had when it was ordered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OrderedLine {
    pub product: ProductId,
    pub name: ProductName,
    pub unit_price: Money,
    pub quantity: Quantity,
}
