use serde_json::json;
use tests::client::id;

use super::Probe;

pub(super) const PROBES: &[Probe] = &[
    ("POST /orders", |pair| {
        let body = json!({ "lines": [{ "productId": pair.product["id"], "quantity": 1 }] });
        let problem = pair.stranger.admin.post("/orders", &body).send().problem(422, "validation");
        assert_eq!(problem["errors"][0]["field"], "/lines/0/productId");
    }),
    ("POST /orders/{id}/confirmation", |pair| {
        pair.stranger.admin.confirm(&pair.order).problem(404, "not-found");
        assert_eq!(pair.victim.admin.order(&pair.order)["status"], "placed");
    }),
    ("GET /orders/{id}", |pair| {
        pair.stranger.admin.get(&format!("/orders/{}", id(&pair.order))).send().problem(404, "not-found");
    }),
];
