//! What both servers hold before they are loaded: tenants with products and orders, whose admins are signed in.

use client::{Anonymous, Http};
use http::HeaderValue;
use tests::Tenant;

pub(crate) const TENANTS: usize = 50;
pub(crate) const PRODUCTS: usize = 5;
pub(crate) const ORDERS: usize = 3;

/// What a connection needs to know of its tenant.
pub(crate) struct Access {
    pub(crate) authorization: HeaderValue,
    pub(crate) products: Vec<String>,
}

/// One of each tenant's orders is confirmed.
pub(crate) fn onboard(url: &str, operator: &Http) -> Vec<Access> {
    let anonymous = Anonymous::new(url);
    (0..TENANTS)
        .map(|number| {
            let tenant = Tenant::onboard(operator, &anonymous, &format!("tenant-{number}"));
            let products: Vec<_> = (0..PRODUCTS)
                .map(|number| tenant.admin.create_product(&format!("Product {number}"), 1_250))
                .collect();
            let orders: Vec<_> =
                products.iter().take(ORDERS).map(|product| tenant.admin.place_order(product, 2)).collect();
            tenant.admin.confirm(&orders[0]).expect(200);
            let authorization = format!("Bearer {}", tenant.token).try_into().expect("a token is printable");
            Access {
                authorization,
                products: products.iter().map(|product| client::id(product).to_owned()).collect(),
            }
        })
        .collect()
}
