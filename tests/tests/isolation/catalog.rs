use client::id;
use serde_json::json;

use super::{Pair, Probe};
use crate::api::order_steps::{all_pages, ids};

fn assert_untouched(pair: &Pair) {
    let path = format!("/products/{}", id(&pair.product));
    assert_eq!(pair.victim.admin.get(&path).send().expect(200), pair.product);
}

pub(super) const PROBES: &[Probe] = &[
    ("POST /products", |pair| {
        let own = pair.stranger.admin.create_product("Own", 1);
        pair.victim.admin.get(&format!("/products/{}", id(&own))).send().problem(404, "not-found");
    }),
    ("GET /products", |pair| {
        for query in ["", "&status=active", &format!("&cursor={}", id(&pair.product))] {
            let listed = all_pages(&pair.stranger.admin, &format!("/products?limit=1{query}"));
            assert!(!ids(&listed).contains(&pair.product["id"]), "{query}");
        }
    }),
    ("PATCH /products/{id}", |pair| {
        let path = format!("/products/{}", id(&pair.product));
        let update = pair.stranger.admin.patch(&path, &json!({ "name": "Mine" })).if_match(&pair.product);
        update.send().problem(404, "not-found");
        assert_untouched(pair);
    }),
    ("POST /products/{id}/retirement", |pair| {
        let path = format!("/products/{}/retirement", id(&pair.product));
        let retirement = pair.stranger.admin.post_empty(&path).if_match(&pair.product);
        retirement.send().problem(404, "not-found");
        assert_untouched(pair);
    }),
    ("GET /products/{id}", |pair| {
        pair.stranger.admin.get(&format!("/products/{}", id(&pair.product))).send().problem(404, "not-found");
    }),
];
