//! Parameters and bodies of requests.

use domain::id::{OrderId, ProductId, UserId};
use domain::money::Quantity;
use domain::order::{Lines, LinesError, OrderStatus};
use platform::http::{Limit, VersionParameter};
use schemars::JsonSchema;
use serde::Deserialize;

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

/// The lines of the order, each of another product.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(try_from = "Vec<LineRequest>")]
pub(crate) struct LineRequests(pub(crate) Vec<LineRequest>);

impl TryFrom<Vec<LineRequest>> for LineRequests {
    type Error = LinesError;

    fn try_from(lines: Vec<LineRequest>) -> Result<Self, LinesError> {
        // Too many lines are refused before their products are read.
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
    /// Only orders of this customer. Who may not read the orders of all lists their own alone, also
    /// without this parameter.
    pub(crate) customer: Option<UserId>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HistoryParameters {
    pub(crate) id: OrderId,
    /// The number of versions on a page, each of which is shown with all of its events.
    #[serde(default)]
    pub(crate) limit: Limit,
    pub(crate) cursor: Option<VersionParameter>,
}
