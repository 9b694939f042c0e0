//! What both servers hold before they are loaded: tenants with products, orders and posts, whose admins are signed in.

use client::{Anonymous, Http};
use http::HeaderValue;
use serde_json::json;
use tests::Tenant;
use tests::post_steps::publish;

pub(crate) const TENANTS: usize = 50;
pub(crate) const PRODUCTS: usize = 5;
pub(crate) const ORDERS: usize = 3;
/// Words of a post.
pub(crate) const WORDS: usize = 1_000;

/// What a connection needs to know of its tenant.
pub(crate) struct Access {
    pub(crate) authorization: HeaderValue,
    pub(crate) products: Vec<String>,
    /// Published ones; none where the server has no posts.
    pub(crate) posts: Vec<String>,
}

fn post(tenant: &Tenant) -> String {
    let markdown = "Ten words of *Markdown* that stand here again and again. ".repeat(WORDS / 10);
    let body = json!({ "title": "A post", "markdown": markdown, "tags": ["one", "two", "three"] });
    let post = tenant.admin.post("/posts", &body).send().expect(201);
    publish(&tenant.admin, &post).send().expect(200);
    client::id(&post).to_owned()
}

/// One of each tenant's orders is confirmed.
pub(crate) fn onboard(url: &str, operator: &Http, has_posts: bool) -> Vec<Access> {
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
                posts: has_posts.then(|| post(&tenant)).into_iter().collect(),
            }
        })
        .collect()
}
