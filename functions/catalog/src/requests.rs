//! Parameters and bodies of requests.

use domain::id::ProductId;
use domain::money::Money;
use domain::product::ProductStatus;
use domain::text::ProductName;
use platform::http::{Limit, non_null};
use schemars::JsonSchema;
use serde::Deserialize;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewProduct {
    pub name: ProductName,
    pub price: Money,
}

/// Fields that are left out stay as they are.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProductChange {
    #[serde(default, deserialize_with = "non_null")]
    #[schemars(with = "ProductName")]
    pub name: Option<ProductName>,
    #[serde(default, deserialize_with = "non_null")]
    #[schemars(with = "Money")]
    pub price: Option<Money>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProductParameters {
    pub id: ProductId,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListParameters {
    #[serde(default)]
    pub limit: Limit,
    pub cursor: Option<ProductId>,
    pub status: Option<ProductStatus>,
}
