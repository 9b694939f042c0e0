//! What events are about. An aggregate is declared by one line here; its commits stand in the namespace of its name.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::tagged::{Kinds, Tagged, Unreadable};
use crate::id::{CommentId, OrderId, PostId, ProductId, TagJobId, TenantId, UserId, simple_uuid};

macro_rules! aggregates {
    ($($(#[$meta:meta])* $variant:ident($id:ty) => $kind:literal,)+) => {
        /// The aggregate that an event belongs to.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
        #[serde(tag = "kind", content = "id")]
        pub enum Aggregate { $($(#[$meta])* #[serde(rename = $kind)] $variant($id),)+ }

        impl Kinds for Aggregate {
            const KINDS: &[&str] = &[$($kind,)+];
            const NOUN: &str = "aggregate";
        }

        impl From<Aggregate> for Tagged<Aggregate> {
            fn from(aggregate: Aggregate) -> Self {
                match aggregate { $(Aggregate::$variant(id) => Tagged::new($kind, Some(id)),)+ }
            }
        }

        impl Aggregate {
            pub fn from_kind_and_id(kind: &str, id: &str) -> Option<Aggregate> {
                match kind {
                    $($kind => id.parse().ok().map(Aggregate::$variant),)+
                    _ => None,
                }
            }

            pub fn kind(self) -> &'static str {
                match self { $(Aggregate::$variant(_) => $kind,)+ }
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
    /// The tenant's role book.
    Roles(TenantId) => "roles",
    User(UserId) => "user",
    /// What was asked for in the name of a user, who may know nothing of it.
    Links(UserId) => "links",
    Product(ProductId) => "product",
    Order(OrderId) => "order",
    Post(PostId) => "post",
    TagJob(TagJobId) => "tagjob",
    Comment(CommentId) => "comment",
    /// What a tenant has used. Its version is the number of the last day that is closed, and days without usage are left out.
    Usage(TenantId) => "usage",
}

impl Tagged<Aggregate> {
    /// The aggregate that a partition of commits names; `None` for a partition that no version would make.
    pub fn from_kind_and_id(kind: &str, id: &str) -> Option<Tagged<Aggregate>> {
        let tagged = Tagged::with_id(kind, Some(id.to_owned()));
        match tagged.read() {
            Ok(_) => Some(tagged),
            Err(Unreadable::Unknown(_)) => is_id(id).then_some(tagged),
            Err(Unreadable::Broken(_)) => None,
        }
    }
}

/// Whether it has the form of all ids: a prefix of three letters, and a UUID.
fn is_id(text: &str) -> bool {
    text.split_once('_').is_some_and(|(prefix, digits)| {
        prefix.len() == 3
            && prefix.bytes().all(|byte| byte.is_ascii_lowercase())
            && simple_uuid(digits).is_some()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kind_and_id_make_the_aggregate() {
        let id = "0190b5b4a3b27c10b5a58d0a3b8a1c2d";
        for (kind, prefix) in [
            ("tenant", "ten_"),
            ("user", "usr_"),
            ("links", "usr_"),
            ("product", "prd_"),
            ("order", "ord_"),
            ("post", "pst_"),
            ("tagjob", "tjb_"),
            ("comment", "cmt_"),
            ("usage", "ten_"),
        ] {
            let id = format!("{prefix}{id}");
            let tagged = Tagged::from_kind_and_id(kind, &id).unwrap();
            let aggregate = tagged.read().unwrap();
            assert_eq!((aggregate.kind(), aggregate.id().to_string()), (kind, id.clone()));
            let json = serde_json::json!({ "kind": kind, "id": id });
            assert_eq!(serde_json::to_value(&tagged).unwrap(), json);
            assert_eq!(serde_json::to_value(Tagged::from(aggregate)).unwrap(), json);
        }
    }

    #[test]
    fn an_aggregate_of_another_version_is_unknown_and_a_malformed_one_is_none() {
        let id = "0190b5b4a3b27c10b5a58d0a3b8a1c2d";
        let cart = Tagged::from_kind_and_id("cart", &format!("crt_{id}")).unwrap();
        assert!(matches!(cart.read(), Err(Unreadable::Unknown(_))));
        let user = format!("usr_{id}");
        for (kind, id) in
            [("order", user.as_str()), ("cart", "7"), ("", &user), ("c#rt", &user), ("cart", "")]
        {
            assert_eq!(Tagged::from_kind_and_id(kind, id), None, "{kind} {id}");
        }
    }
}
