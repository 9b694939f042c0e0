use serde::{Deserialize, Serialize};

use crate::id::ProductId;
use crate::money::Money;
use crate::text::ProductName;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProductCreated {
    pub product: ProductId,
    pub name: ProductName,
    pub price: Money,
}

/// The name and the price after the update, whichever of them changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProductUpdated {
    pub product: ProductId,
    pub name: ProductName,
    pub price: Money,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProductRetired {
    pub product: ProductId,
}
