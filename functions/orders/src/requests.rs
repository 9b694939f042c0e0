//! What clients send.

use std::borrow::Cow;

use domain::Version;
use domain::id::{OrderId, ProductId, UserId};
use domain::money::Quantity;
use domain::order::{Lines, LinesError, OrderStatus};
use platform::http::Limit;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::{Deserializer, Error};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewOrder {
    pub(crate) lines: LineRequests,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct LineRequest {
    pub product_id: ProductId,
    pub quantity: Quantity,
}

/// As many lines as an order may have: known before anything is read.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(try_from = "Vec<LineRequest>")]
pub(crate) struct LineRequests(pub(crate) Vec<LineRequest>);

impl TryFrom<Vec<LineRequest>> for LineRequests {
    type Error = LinesError;

    fn try_from(lines: Vec<LineRequest>) -> Result<Self, LinesError> {
        match lines.len() {
            1..=Lines::MOST => Ok(Self(lines)),
            _ => Err(LinesError::Count),
        }
    }
}

impl LineRequests {
    pub(crate) fn products(&self) -> Vec<ProductId> {
        self.0.iter().map(|line| line.product_id).collect()
    }
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderParameters {
    pub id: OrderId,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListParameters {
    #[serde(default)]
    pub(crate) limit: Limit,
    pub(crate) cursor: Option<OrderId>,
    pub(crate) status: Option<OrderStatus>,
    /// Whose orders. A member's own when left out, and for a member nobody else's.
    pub(crate) customer: Option<UserId>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HistoryParameters {
    pub(crate) id: OrderId,
    /// Of versions: a page holds all events of each of its versions.
    #[serde(default)]
    pub(crate) limit: Limit,
    pub(crate) cursor: Option<VersionParameter>,
}

/// A version in a path or a query, where every value is a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct VersionParameter(pub(crate) Version);

impl<'de> Deserialize<'de> for VersionParameter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map(Self).map_err(D::Error::custom)
    }
}

impl JsonSchema for VersionParameter {
    fn schema_name() -> Cow<'static, str> {
        "VersionParameter".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "integer", "minimum": 1 })
    }
}
