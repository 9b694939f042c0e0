//! Products of a tenant's catalog. A retired product stays on the orders that have it, and cannot be ordered
//! any more.

use jiff::Timestamp;

use crate::event::{Event, ProductCreated, ProductRetired, ProductUpdated};
use crate::id::ProductId;
use crate::money::Money;
use crate::rule::named;
use crate::text::ProductName;
use crate::{Decision, Stamp};

named! {
    pub enum ProductStatus {
        Active => "active",
        Retired => "retired",
    }
}

/// The state of a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    pub id: ProductId,
    pub name: ProductName,
    pub price: Money,
    pub status: ProductStatus,
    pub created_at: Timestamp,
}

#[derive(Debug, Clone)]
pub enum Command {
    /// Fields that are `None` stay as they are.
    Update {
        name: Option<ProductName>,
        price: Option<Money>,
    },
    Retire,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProductRefusal {
    #[error("The product was retired and does not change any more; add another one.")]
    Retired,
    #[error("The product was retired already; there is nothing left to do.")]
    AlreadyRetired,
}

pub type ProductDecision = Decision<Product>;

impl Product {
    /// Decides the creation of a new product.
    pub fn create(id: ProductId, name: ProductName, price: Money, stamp: Stamp) -> ProductDecision {
        let next = Product { id, name, price, status: ProductStatus::Active, created_at: stamp.at };
        let created = ProductCreated { product: id, name: next.name.clone(), price };
        Decision { stamp, events: vec![Event::ProductCreated(created)], next }
    }

    /// Decides a command; a retired product refuses all.
    pub fn decide(&self, command: Command, stamp: Stamp) -> Result<ProductDecision, ProductRefusal> {
        let (event, next) = match (command, self.status) {
            (Command::Update { .. }, ProductStatus::Retired) => return Err(ProductRefusal::Retired),
            (Command::Retire, ProductStatus::Retired) => return Err(ProductRefusal::AlreadyRetired),
            (Command::Update { name, price }, ProductStatus::Active) => {
                let name = name.unwrap_or_else(|| self.name.clone());
                let price = price.unwrap_or(self.price);
                let event = ProductUpdated { product: self.id, name: name.clone(), price };
                (Event::ProductUpdated(event), Product { name, price, ..self.clone() })
            }
            (Command::Retire, ProductStatus::Active) => (
                Event::ProductRetired(ProductRetired { product: self.id }),
                Product { status: ProductStatus::Retired, ..self.clone() },
            ),
        };
        Ok(Decision { stamp, events: vec![event], next })
    }

    pub fn is_active(&self) -> bool {
        self.status == ProductStatus::Active
    }
}

#[cfg(test)]
mod tests;
