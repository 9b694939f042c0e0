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
    pub fn from_data(event_type: EventType, version: u32, data: Value) -> Result<Self, serde_json::Error> {
        match (event_type, version) {
            (EventType::TenantOnboarded, 1) => serde_json::from_value(data).map(Self::TenantOnboarded),
            (EventType::ProductCreated, 1) => serde_json::from_value(data).map(Self::ProductCreated),
            (EventType::OrderPlaced, 1) => serde_json::from_value(data).map(Self::OrderPlaced),
            (EventType::OrderConfirmed, 1) => serde_json::from_value(data).map(Self::OrderConfirmed),
            (_, version) => Err(serde_json::Error::custom(format!(
                "version {version} of {} is not known here; deploy the version that wrote it",
                event_type.as_str()
            ))),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// As written today; a commit of last year still has to be read like this.
    fn stored_forms() -> Vec<(EventType, &'static str, Value)> {
        let order = "ord_0190b5b4a3b27c10b5a58d0a3b8a1c2d";
        let (user, product) =
            ("usr_0190b5b4a3b27c10b5a58d0a3b8a1c2d", "prd_0190b5b4a3b27c10b5a58d0a3b8a1c2d");
        let price = json!({"amount": 1250, "currency": "EUR"});
        let line = json!({"product": product, "name": "Anvil", "unitPrice": price, "quantity": 2});
        vec![
            (
                EventType::TenantOnboarded,
                "tenant.onboarded",
                json!({"name": "Acme", "slug": "acme", "tier": "free", "admin": user, "adminName": "Ada", "adminEmail": "ada@acme.example"}),
            ),
            (
                EventType::ProductCreated,
                "product.created",
                json!({"product": product, "name": "Anvil", "price": price}),
            ),
            (
                EventType::OrderPlaced,
                "order.placed",
                json!({"order": order, "customer": user, "lines": [line], "total": {"amount": 2500, "currency": "EUR"}}),
            ),
            (
                EventType::OrderConfirmed,
                "order.confirmed",
                json!({"order": order, "customer": user, "by": user}),
            ),
        ]
    }

    #[test]
    fn the_stored_form_of_every_event_round_trips() {
        for (event_type, name, data) in stored_forms() {
            let event = Event::from_data(event_type, 1, data.clone()).unwrap();
            assert_eq!(event.event_type(), event_type);
            assert_eq!(event.data().unwrap(), data);
            assert_eq!(event_type.as_str(), name);
            assert_eq!(serde_json::to_value(event_type).unwrap(), name);
        }
    }

    #[test]
    fn an_unknown_version_is_refused() {
        for (event_type, _, data) in stored_forms() {
            assert!(Event::from_data(event_type, 2, data).is_err());
        }
    }
}
