//! What clients see of things, the same wherever it is shown.

use domain::id::{EventId, NotificationId, OrderId, ProductId, TenantId, UserId};
use domain::money::{Money, Quantity};
use domain::notification::{Notification, NotificationKind};
use domain::order::list::OrderRow;
use domain::order::{Line, OrderStatus};
use domain::product::{Product, ProductStatus};
use domain::text::{CancelReason, Email, PersonName, ProductName};
use domain::user::{Role, User, UserStatus};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::events::{Actor, Envelope, EventType};
use crate::stores::{LoadedOrder, LoadedUser, Version};

#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UserView {
    id: UserId,
    name: PersonName,
    email: Email,
    role: Role,
    status: UserStatus,
    tenant_id: TenantId,
    version: Version,
}

impl UserView {
    pub fn new(LoadedUser { user, version }: LoadedUser, tenant: TenantId) -> Self {
        let User { id, name, email, role, status, valid_from: _ } = user;
        Self { id, name, email, role, status, tenant_id: tenant, version }
    }
}

#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProductView {
    id: ProductId,
    name: ProductName,
    price: Money,
    /// A retired product is not ordered any more.
    status: ProductStatus,
    version: Version,
    created_at: Timestamp,
}

impl ProductView {
    pub fn new(product: Product, version: Version) -> Self {
        let Product { id, name, price, status, created_at } = product;
        Self { id, name, price, status, version, created_at }
    }
}

#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
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
struct LineView {
    product_id: ProductId,
    name: ProductName,
    unit_price: Money,
    quantity: Quantity,
    total: Money,
}

impl From<&LoadedOrder> for OrderView {
    fn from(LoadedOrder { order, version, .. }: &LoadedOrder) -> Self {
        Self {
            id: order.id(),
            status: order.status(),
            customer: order.customer(),
            lines: order.lines().into_iter().map(LineView::from).collect(),
            total: order.total(),
            version: *version,
            placed_at: order.placed_at(),
            confirmed_at: order.confirmed_at(),
            cancelled_at: order.cancellation().map(|cancellation| cancellation.at),
            cancel_reason: order.cancellation().map(|cancellation| cancellation.reason.clone()),
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
        let OrderRow { id, customer, status, total, line_count, placed_at, seq: _ } = row;
        Self { id, status, total, customer, line_count, placed_at }
    }
}

/// What happened to an order.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OrderEventView {
    id: EventId,
    r#type: EventType,
    /// The order's, from this event on.
    version: Version,
    at: Timestamp,
    actor: Actor,
    /// As the event tells it; each type has its own members.
    #[schemars(with = "Map<String, Value>")]
    data: Value,
}

impl From<Envelope> for OrderEventView {
    fn from(event: Envelope) -> Self {
        let Envelope { id, r#type, sequence, occurred_at, actor, data, .. } = event;
        Self { id, r#type, version: sequence, at: occurred_at, actor, data }
    }
}

#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NotificationView {
    id: NotificationId,
    #[serde(flatten)]
    kind: KindView,
    created_at: Timestamp,
    /// As long as it was not read, there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    read_at: Option<Timestamp>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
enum KindView {
    OrderConfirmed { order_id: OrderId },
    OrderCancelled { order_id: OrderId, reason: CancelReason },
}

impl From<Notification> for NotificationView {
    fn from(notification: Notification) -> Self {
        let Notification { id, recipient: _, kind, created_at, read_at } = notification;
        let kind = match kind {
            NotificationKind::OrderConfirmed { order } => KindView::OrderConfirmed { order_id: order },
            NotificationKind::OrderCancelled { order, reason } => {
                KindView::OrderCancelled { order_id: order, reason }
            }
        };
        Self { id, kind, created_at, read_at }
    }
}
