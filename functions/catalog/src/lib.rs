//! What the endpoints of the catalog read, and how they answer.

use domain::id::ProductId;
use domain::money::Money;
use domain::product::Product;
use domain::text::ProductName;
use platform::http::{Call, Problem, Reply, present};
use platform::stores::Version;
use platform::views::ProductView;
use schemars::JsonSchema;
use serde::Deserialize;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewProduct {
    pub name: ProductName,
    pub price: Money,
}

/// What is left out stays as it is.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProductChange {
    #[serde(default, deserialize_with = "present")]
    #[schemars(with = "ProductName")]
    pub name: Option<ProductName>,
    #[serde(default, deserialize_with = "present")]
    #[schemars(with = "Money")]
    pub price: Option<Money>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProductParameters {
    pub id: ProductId,
}

/// The product and its version, as of now.
pub async fn product<B>(call: &Call<ProductParameters, B>) -> Result<(Product, Version), Problem> {
    let found = call.store.products().get(call.parameters.id).await?;
    found.ok_or_else(|| Problem::not_found("product"))
}

pub fn reply(product: &Product, version: Version) -> Reply<ProductView> {
    Reply::new(ProductView::new(product.clone(), version)).version(version)
}
