//! Products of a tenant's catalog.

use jiff::Timestamp;

use crate::id::ProductId;
use crate::money::Money;
use crate::text::ProductName;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    pub id: ProductId,
    pub name: ProductName,
    pub price: Money,
    pub created_at: Timestamp,
}
