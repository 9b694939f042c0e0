//! Products as clients see them.

use domain::id::ProductId;
use domain::money::Money;
use domain::product::{Product, ProductStatus};
use domain::text::ProductName;
use domain::{Version, Versioned};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Product")]
pub struct ProductView {
    id: ProductId,
    name: ProductName,
    price: Money,
    /// A retired product cannot be ordered any more.
    status: ProductStatus,
    version: Version,
    created_at: Timestamp,
}

impl From<Versioned<Product>> for ProductView {
    fn from(Versioned { value: product, version }: Versioned<Product>) -> Self {
        let Product { id, name, price, status, created_at } = product;
        Self { id, name, price, status, version, created_at }
    }
}
