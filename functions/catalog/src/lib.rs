//! The catalog: how products are created, changed and listed.
//!
//! Other contexts can read products, but have no access to the store:
//!
//! ```
//! use catalog::find;
//! ```
//! ```compile_fail,E0603
//! use catalog::store::products;
//! ```

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod requests;
mod store;
mod view;

use std::collections::HashMap;

use domain::Versioned;
use domain::id::ProductId;
use domain::product::{Command, Product, ProductRefusal};
use platform::http::{Call, Conditional, NoBody, NoParameters, Precondition, Problem, Reply};
use platform::new_id;
use platform::table::{Decided, Page, Scope, StoreError};

pub use requests::{ListParameters, NewProduct, ProductChange, ProductParameters};
use store::products;
pub use view::ProductView;

/// Reads a product consistently.
pub async fn find(scope: &Scope, id: ProductId) -> Result<Option<Product>, StoreError> {
    Ok(products(scope).get(id).await?.map(|found| found.value))
}

/// Reads many products consistently. Those that do not exist are left out.
pub async fn find_all(scope: &Scope, ids: &[ProductId]) -> Result<HashMap<ProductId, Product>, StoreError> {
    products(scope).get_all(ids).await
}

pub async fn create(call: &Call<NoParameters, NewProduct>) -> Result<Reply<ProductView>, Problem> {
    let NewProduct { name, price } = &call.body;
    let id = new_id(ProductId::from_uuid);
    let decided = Decided::first(Product::create(id, name.clone(), *price, call.stamp()));
    let reply = reply(decided.next.clone()).at(format!("/products/{id}"));
    let (most, context) = (call.entitlements.limits.products, call.command(&reply)?);
    products(&call.store).create(&decided, most, &context).await?;
    Ok(reply)
}

pub async fn show(call: &Call<ProductParameters, NoBody>) -> Result<Reply<ProductView>, Problem> {
    Ok(reply(product(call).await?))
}

/// Carries out a command on the product at the version that the client has read.
pub async fn change<B>(
    call: &Call<ProductParameters, B, Conditional>,
    command: Command,
) -> Result<Reply<ProductView>, Problem> {
    let known = call.expect(product(call).await?)?;
    let decided = known.decide(|product| product.decide(command, call.stamp())).map_err(refused)?;
    let reply = reply(decided.next.clone());
    products(&call.store).commit(&decided, &call.command(&reply)?).await?;
    Ok(reply)
}

pub async fn list(call: &Call<ListParameters, NoBody>) -> Result<Page<ProductView, ProductId>, Problem> {
    let ListParameters { limit, cursor, status } = call.parameters;
    let page = products(&call.store).list(status, cursor, limit.get()).await?;
    Ok(page.map(ProductView::from))
}

async fn product<B, C: Precondition>(
    call: &Call<ProductParameters, B, C>,
) -> Result<Versioned<Product>, Problem> {
    let found = products(&call.store).get(call.parameters.id).await?;
    found.ok_or_else(|| Problem::not_found("product"))
}

fn reply(product: Versioned<Product>) -> Reply<ProductView> {
    let version = product.version;
    Reply::new(ProductView::from(product)).version(version)
}

fn refused(refusal: ProductRefusal) -> Problem {
    match refusal {
        ProductRefusal::Retired | ProductRefusal::AlreadyRetired => Problem::conflict(refusal.to_string()),
    }
}
