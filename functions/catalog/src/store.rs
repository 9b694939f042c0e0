//! Products, which are rows of one list.

use std::collections::HashMap;

use domain::Versioned;
use domain::id::ProductId;
use domain::money::Money;
use domain::product::{Product, ProductStatus};
use domain::text::ProductName;
use domain::tier::ProductQuota;
use jiff::Timestamp;
use platform::table::namespace::catalog::{PRODUCT, PRODUCTS};
use platform::table::{CommandContext, Decided, Listing, Page, Row, Scope, SortKey, StoreError, Write};
use serde::{Deserialize, Serialize};

pub(crate) struct Products<'a>(&'a Scope);

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    name: ProductName,
    price: Money,
    status: ProductStatus,
    created_at: Timestamp,
}

pub(crate) fn products(scope: &Scope) -> Products<'_> {
    Products(scope)
}

impl Products<'_> {
    pub(crate) async fn get(&self, id: ProductId) -> Result<Option<Versioned<Product>>, StoreError> {
        let row = self.0.get(&PRODUCTS.partition(), &SortKey::of(id)).await?;
        row.as_ref().map(product).transpose()
    }

    /// Consistent reads; products that do not exist are left out.
    pub(crate) async fn get_all(&self, ids: &[ProductId]) -> Result<HashMap<ProductId, Product>, StoreError> {
        let rows = self.0.get_all(&PRODUCTS.partition(), ids.iter().map(SortKey::of)).await?;
        rows.iter().map(|row| product(row).map(|found| (found.value.id, found.value))).collect()
    }

    /// Lists the newest products first, of one status or of any.
    pub(crate) async fn list(
        &self,
        status: Option<ProductStatus>,
        cursor: Option<ProductId>,
        limit: usize,
    ) -> Result<Page<Versioned<Product>, ProductId>, StoreError> {
        let range = Listing {
            by: status.map(ProductStatus::as_str).into(),
            cursor: cursor.map(SortKey::of),
            limit,
            ..Listing::default()
        };
        self.0.list(&PRODUCTS.partition(), range).await?.read(product)
    }

    /// Commits a new product. Fails when there are as many as there may be.
    pub(crate) async fn create(
        &self,
        decided: &Decided<Product>,
        most: ProductQuota,
        context: &CommandContext,
    ) -> Result<(), StoreError> {
        self.write(decided, Some(self.0.counts().one_product_more(most)), context).await
    }

    pub(crate) async fn commit(
        &self,
        decided: &Decided<Product>,
        context: &CommandContext,
    ) -> Result<(), StoreError> {
        let is_retired =
            decided.before.as_ref().is_some_and(Product::is_active) && !decided.next.value.is_active();
        self.write(decided, is_retired.then(|| self.0.counts().one_product_less()), context).await
    }

    async fn write(
        &self,
        decided: &Decided<Product>,
        count: Option<Write>,
        context: &CommandContext,
    ) -> Result<(), StoreError> {
        let Product { id, name, price, status, created_at } = decided.next.value.clone();
        let document = Document { name, price, status, created_at };
        let row = self.0.decided_state(&PRODUCTS.partition(), SortKey::of(id), decided, &document)?;
        let mut writes = self.0.log(&PRODUCT, id)?.events(decided, context)?;
        writes.push(row.in_facet(status.as_str()));
        writes.extend(count);
        self.0.commit(writes).await
    }
}

fn product(row: &Row) -> Result<Versioned<Product>, StoreError> {
    let id = row.id()?;
    Ok(row.state::<Document>()?.map(|Document { name, price, status, created_at }| Product {
        id,
        name,
        price,
        status,
        created_at,
    }))
}

#[cfg(test)]
mod tests;
