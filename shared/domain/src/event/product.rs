use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};

use super::form::{Form, SECOND, is_published_whole};
use super::published::published;
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

published! {
    pub struct PublishedProduct {
        pub product: ProductId,
        pub price: Money,
    }

    pub struct ProductRetired {
        pub product: ProductId,
    }
}

is_published_whole!(ProductRetired: 1);

impl Form for ProductCreated {
    const VERSION: NonZeroU32 = SECOND;
    type Published = PublishedProduct;

    fn published(&self) -> PublishedProduct {
        PublishedProduct { product: self.product, price: self.price }
    }
}

impl Form for ProductUpdated {
    const VERSION: NonZeroU32 = SECOND;
    type Published = PublishedProduct;

    fn published(&self) -> PublishedProduct {
        PublishedProduct { product: self.product, price: self.price }
    }
}
