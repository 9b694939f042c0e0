use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};

use super::form::{Form, SECOND, is_published_whole};
use super::published::published;
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

published! {
    pub struct PublishedOrderPlaced {
        pub order: OrderId,
        pub customer: UserId,
        pub total: Money,
    }

    pub struct PublishedLineAdded {
        pub order: OrderId,
        pub line: PublishedLine,
        /// The order's total with the line.
        pub total: Money,
    }

    pub struct PublishedLine {
        pub product: ProductId,
        pub unit_price: Money,
        pub quantity: Quantity,
    }

    pub struct LineRemoved {
        pub order: OrderId,
        pub product: ProductId,
        /// The order's total without the line.
        pub total: Money,
    }

    pub struct OrderConfirmed {
        pub order: OrderId,
        pub customer: UserId,
        /// The user who confirmed the order; absent for an operator.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schemars(with = "UserId")]
        pub by: Option<UserId>,
    }

    pub struct PublishedOrderCancelled {
        pub order: OrderId,
        pub customer: UserId,
        /// The user who cancelled the order; absent for an operator.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schemars(with = "UserId")]
        pub by: Option<UserId>,
    }
}

is_published_whole!(LineRemoved: 1, OrderConfirmed: 1);

impl Form for OrderPlaced {
    const VERSION: NonZeroU32 = SECOND;
    type Published = PublishedOrderPlaced;

    fn published(&self) -> PublishedOrderPlaced {
        PublishedOrderPlaced { order: self.order, customer: self.customer, total: self.total }
    }
}

impl Form for LineAdded {
    const VERSION: NonZeroU32 = SECOND;
    type Published = PublishedLineAdded;

    fn published(&self) -> PublishedLineAdded {
        let OrderedLine { product, unit_price, quantity, .. } = self.line;
        let line = PublishedLine { product, unit_price, quantity };
        PublishedLineAdded { order: self.order, line, total: self.total }
    }
}

impl Form for OrderCancelled {
    const VERSION: NonZeroU32 = SECOND;
    type Published = PublishedOrderCancelled;

    fn published(&self) -> PublishedOrderCancelled {
        PublishedOrderCancelled { order: self.order, customer: self.customer, by: self.by }
    }
}
