//! The stored form of every event's data. It changes by new versions only: old commits stay as they are written.

use domain::id::{OrderId, ProductId, UserId};
use domain::money::{Money, Quantity};
use domain::tenant::Tier;
use domain::text::{Email, PersonName, ProductName, Slug, TenantName};
use serde::de::Error as _;
use serde::{Deserialize, Serialize};
use serde_json::Value;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum EventType {
    #[serde(rename = "tenant.onboarded")]
    TenantOnboarded,
    #[serde(rename = "product.created")]
    ProductCreated,
    #[serde(rename = "order.placed")]
    OrderPlaced,
    #[serde(rename = "order.confirmed")]
    OrderConfirmed,
}

impl EventType {
    /// The `detail-type` on the bus.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::TenantOnboarded => "tenant.onboarded",
            Self::ProductCreated => "product.created",
            Self::OrderPlaced => "order.placed",
            Self::OrderConfirmed => "order.confirmed",
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    TenantOnboarded(TenantOnboarded),
    ProductCreated(ProductCreated),
    OrderPlaced(OrderPlaced),
    OrderConfirmed(OrderConfirmed),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TenantOnboarded {
    pub name: TenantName,
    pub slug: Slug,
    pub tier: Tier,
    pub admin: UserId,
    pub admin_name: PersonName,
    pub admin_email: Email,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProductCreated {
    pub product: ProductId,
    pub name: ProductName,
    pub price: Money,
}

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
pub struct OrderedLine {
    pub product: ProductId,
    pub name: ProductName,
    pub unit_price: Money,
    pub quantity: Quantity,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OrderConfirmed {
    pub order: OrderId,
    pub customer: UserId,
    pub by: UserId,
}

impl Event {
    pub(crate) fn event_type(&self) -> EventType {
        match self {
            Self::TenantOnboarded(_) => EventType::TenantOnboarded,
            Self::ProductCreated(_) => EventType::ProductCreated,
            Self::OrderPlaced(_) => EventType::OrderPlaced,
            Self::OrderConfirmed(_) => EventType::OrderConfirmed,
        }
    }

    /// The version of the data's form that is written now.
    pub(crate) fn version(&self) -> u32 {
        1
    }

    pub(crate) fn data(&self) -> Result<Value, serde_json::Error> {
        match self {
            Self::TenantOnboarded(data) => serde_json::to_value(data),
            Self::ProductCreated(data) => serde_json::to_value(data),
            Self::OrderPlaced(data) => serde_json::to_value(data),
            Self::OrderConfirmed(data) => serde_json::to_value(data),
        }
    }

    /// Reads any version that was ever written; an older one is raised to the newest form here.
    pub fn from_data(
        event_type: EventType,
        version: u32,
        data: Value,
    ) -> Result<Self, serde_json::Error> {
        match (event_type, version) {
            (EventType::TenantOnboarded, 1) => {
                serde_json::from_value(data).map(Self::TenantOnboarded)
            }
            (EventType::ProductCreated, 1) => {
                serde_json::from_value(data).map(Self::ProductCreated)
            }
            (EventType::OrderPlaced, 1) => serde_json::from_value(data).map(Self::OrderPlaced),
            (EventType::OrderConfirmed, 1) => {
                serde_json::from_value(data).map(Self::OrderConfirmed)
            }
            (_, version) => Err(serde_json::Error::custom(format!(
                "version {version} of {} is not known here; deploy the version that wrote it",
                event_type.as_str()
            ))),
        }
    }
}
