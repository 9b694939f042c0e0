//! What events are about. An aggregate is declared by one line here; its commits stand in the namespace of its name.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::id::{OrderId, ProductId, TenantId, UserId};

macro_rules! aggregates {
    ($($variant:ident($id:ty) => $kind:literal,)+) => {
        /// The aggregate that an event belongs to.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
        #[serde(tag = "kind", content = "id")]
        pub enum Aggregate { $(#[serde(rename = $kind)] $variant($id),)+ }

        impl Aggregate {
            pub const KINDS: &[&str] = &[$($kind,)+];

            pub fn kind(self) -> &'static str {
                match self { $(Aggregate::$variant(_) => $kind,)+ }
            }

            pub fn from_kind_and_id(kind: &str, id: &str) -> Option<Aggregate> {
                match kind {
                    $($kind => id.parse().ok().map(Aggregate::$variant),)+
                    _ => None,
                }
            }

            /// For the partition of its commits; together with the kind, it says which aggregate is meant.
            pub fn id(&self) -> &dyn fmt::Display {
                match self { $(Aggregate::$variant(id) => id,)+ }
            }
        }
    };
}

aggregates! {
    Tenant(TenantId) => "tenant",
    User(UserId) => "user",
    Product(ProductId) => "product",
    Order(OrderId) => "order",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kind_and_id_make_the_aggregate() {
        let id = "0190b5b4a3b27c10b5a58d0a3b8a1c2d";
        for (kind, prefix) in [("tenant", "ten_"), ("user", "usr_"), ("product", "prd_"), ("order", "ord_")] {
            let id = format!("{prefix}{id}");
            let aggregate = Aggregate::from_kind_and_id(kind, &id).unwrap();
            assert_eq!((aggregate.kind(), aggregate.id().to_string()), (kind, id.clone()));
            assert_eq!(
                serde_json::to_value(aggregate).unwrap(),
                serde_json::json!({ "kind": kind, "id": id })
            );
        }
        assert_eq!(Aggregate::from_kind_and_id("order", &format!("usr_{id}")), None);
        assert_eq!(Aggregate::from_kind_and_id("cart", &format!("ord_{id}")), None);
    }
}
