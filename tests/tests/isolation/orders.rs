use client::id;
use serde_json::{Value, json};

use super::{Pair, Probe};
use crate::api::order_steps::{add, all_pages, cancel, ids, remove};

fn assert_untouched(pair: &Pair) {
    assert_eq!(pair.victim.admin.order(&pair.order), pair.order);
}

pub(super) const PROBES: &[Probe] = &[
    ("POST /orders", |pair| {
        let body = json!({ "lines": [{ "productId": pair.product["id"], "quantity": 1 }] });
        let problem = pair.stranger.admin.post("/orders", &body).send().problem(422, "validation");
        assert_eq!(problem["errors"][0]["field"], "/lines/0/productId");
    }),
    ("POST /orders/{id}/confirmation", |pair| {
        pair.stranger.admin.confirm(&pair.order).problem(404, "not-found");
        assert_untouched(pair);
    }),
    ("POST /orders/{id}/cancellation", |pair| {
        cancel(&pair.stranger.admin, &pair.order, "Not mine").send().problem(404, "not-found");
        assert_untouched(pair);
    }),
    ("POST /orders/{id}/lines", |pair| {
        let own = pair.stranger.admin.create_product("Own", 1);
        add(&pair.stranger.admin, &pair.order, &own, 1).send().problem(404, "not-found");
        assert_untouched(pair);
        // Nor can the stranger add the victim's product to an order of its own.
        let order = pair.stranger.admin.place_order(&own, 1);
        add(&pair.stranger.admin, &order, &pair.product, 1).send().problem(422, "validation");
    }),
    ("DELETE /orders/{id}/lines/{productId}", |pair| {
        remove(&pair.stranger.admin, &pair.order, &pair.product).send().problem(404, "not-found");
        assert_untouched(pair);
    }),
    ("GET /orders", |pair| {
        for query in
            ["", &format!("&customer={}", pair.victim.admin_id), &format!("&cursor={}", id(&pair.order))]
        {
            let listed: Vec<Value> = ["", "&status=placed", "&status=confirmed"]
                .into_iter()
                .flat_map(|status| {
                    all_pages(&pair.stranger.admin, &format!("/orders?limit=1{query}{status}"))
                })
                .collect();
            assert!(!ids(&listed).contains(&pair.order["id"]), "{query}");
            assert!(listed.iter().all(|row| row["customer"] == pair.stranger.admin_id), "{query}");
        }
    }),
    ("GET /orders/{id}/events", |pair| {
        for query in ["", "?cursor=1"] {
            let path = format!("/orders/{}/events{query}", id(&pair.order));
            pair.stranger.admin.get(&path).send().problem(404, "not-found");
        }
    }),
    ("GET /orders/{id}", |pair| {
        let at = format!("?at={}", pair.order["placedAt"].as_str().unwrap());
        for query in ["", "?version=1", &at] {
            let path = format!("/orders/{}{query}", id(&pair.order));
            pair.victim.admin.get(&path).send().expect(200);
            pair.stranger.admin.get(&path).send().problem(404, "not-found");
        }
    }),
];
