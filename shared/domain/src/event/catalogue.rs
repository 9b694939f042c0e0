//! The types of events, and the stored form of each one's data.
//!
//! A stored form is never changed in place, since old commits stay as they were written: a change adds a new
//! version of the form.

use schemars::JsonSchema;
use serde::de::Error as _;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::*;

/// Declares `EventType` with the name of each type, and `Event` with the data type of the same name.
macro_rules! events {
    ($($type:ident => $name:literal,)+) => {
        /// The type of an event, by its name in the API and on the event bus.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
        pub enum EventType { $(#[serde(rename = $name)] $type,)+ }

        impl EventType {
            pub const ALL: &[Self] = &[$(Self::$type,)+];

            /// The name, which is the event's `detail-type` on the bus.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$type => $name,)+ }
            }
        }

        /// An event with its data.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Event { $($type($type),)+ }

        impl Event {
            pub fn event_type(&self) -> EventType {
                match self { $(Self::$type(_) => EventType::$type,)+ }
            }

            /// The data in the form that is stored and published now.
            pub fn data(&self) -> Result<Value, serde_json::Error> {
                match self { $(Self::$type(data) => serde_json::to_value(data),)+ }
            }

            /// Reads data of any version that was ever written. This is the place to convert older versions
            /// to the current one.
            ///
            /// Fails for an unknown version, and for data that does not have the form of its version.
            pub fn from_data(event_type: EventType, version: u32, data: Value) -> Result<Self, serde_json::Error> {
                match (event_type, version) {
                    $((EventType::$type, 1) => serde_json::from_value(data).map(Self::$type),)+
                    (_, version) => Err(serde_json::Error::custom(format!(
                        "version {version} of {} is not known here; deploy the version that wrote it",
                        event_type.as_str()
                    ))),
                }
            }
        }
    };
}

events! {
    TenantOnboarded => "tenant.onboarded",
    TenantRenamed => "tenant.renamed",
    UserRegistered => "user.registered",
    UserUpdated => "user.updated",
    UserDeactivated => "user.deactivated",
    PasswordChanged => "user.passwordChanged",
    ProductCreated => "product.created",
    ProductUpdated => "product.updated",
    ProductRetired => "product.retired",
    OrderPlaced => "order.placed",
    LineAdded => "order.lineAdded",
    LineRemoved => "order.lineRemoved",
    OrderConfirmed => "order.confirmed",
    OrderCancelled => "order.cancelled",
}

impl Event {
    /// The version of the form in which the data is written now.
    pub fn version(&self) -> u32 {
        1
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// The forms that are written now. They are in the table for ever, so this list may only grow.
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
            (
                EventType::OrderCancelled,
                "order.cancelled",
                json!({"order": order, "customer": user, "by": user, "reason": "Ordered twice"}),
            ),
            (EventType::LineAdded, "order.lineAdded", json!({"order": order, "line": line, "total": price})),
            (
                EventType::LineRemoved,
                "order.lineRemoved",
                json!({"order": order, "product": product, "total": price}),
            ),
            (EventType::TenantRenamed, "tenant.renamed", json!({"name": "Acme"})),
            (
                EventType::UserRegistered,
                "user.registered",
                json!({"user": user, "name": "Ada", "email": "ada@acme.example", "role": "member"}),
            ),
            (EventType::UserUpdated, "user.updated", json!({"user": user, "name": "Ada", "role": "admin"})),
            (EventType::UserDeactivated, "user.deactivated", json!({"user": user})),
            (EventType::PasswordChanged, "user.passwordChanged", json!({"user": user})),
            (
                EventType::ProductUpdated,
                "product.updated",
                json!({"product": product, "name": "Anvil", "price": price}),
            ),
            (EventType::ProductRetired, "product.retired", json!({"product": product})),
        ]
    }

    #[test]
    fn the_stored_form_of_every_event_round_trips() {
        let forms = stored_forms();
        for event_type in EventType::ALL {
            assert!(forms.iter().any(|form| form.0 == *event_type), "{event_type:?} has no stored form here");
        }
        for (event_type, name, data) in forms {
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
