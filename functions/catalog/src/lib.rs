//! What the endpoints of the catalog read.

use domain::id::ProductId;
use domain::money::Money;
use domain::text::ProductName;
use schemars::JsonSchema;
use serde::Deserialize;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewProduct {
    pub name: ProductName,
    pub price: Money,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProductParameters {
    pub id: ProductId,
}
