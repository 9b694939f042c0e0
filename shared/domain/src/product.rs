//! Products of a tenant's catalog. A retired one stays where it was ordered, and is not ordered any more.

use jiff::Timestamp;

use crate::id::ProductId;
use crate::money::Money;
use crate::rule::named;
use crate::text::ProductName;

named! {
    pub enum ProductStatus {
        Active => "active",
        Retired => "retired",
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    pub id: ProductId,
    pub name: ProductName,
    pub price: Money,
    pub status: ProductStatus,
    pub created_at: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProductRefusal {
    #[error("a retired product does not change")]
    Retired,
    #[error("the product was retired already")]
    AlreadyRetired,
}

impl Product {
    pub fn new(id: ProductId, name: ProductName, price: Money, created_at: Timestamp) -> Product {
        Product { id, name, price, status: ProductStatus::Active, created_at }
    }

    pub fn is_active(&self) -> bool {
        self.status == ProductStatus::Active
    }

    /// What is not given stays.
    pub fn updated(self, name: Option<ProductName>, price: Option<Money>) -> Result<Product, ProductRefusal> {
        if !self.is_active() {
            return Err(ProductRefusal::Retired);
        }
        Ok(Product { name: name.unwrap_or(self.name), price: price.unwrap_or(self.price), ..self })
    }

    pub fn retired(self) -> Result<Product, ProductRefusal> {
        if !self.is_active() {
            return Err(ProductRefusal::AlreadyRetired);
        }
        Ok(Product { status: ProductStatus::Retired, ..self })
    }
}

#[cfg(test)]
mod tests;
