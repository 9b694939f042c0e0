use serde_json::json;

use super::Call;

pub(super) const CALLS: &[Call] = &[
    ("POST /orders", "of one product", |stage| {
        let product = stage.tenant.admin.create_product("Desk lamp", 1250);
        Box::new(move || drop(stage.tenant.admin.place_order(&product, 2)))
    }),
    ("POST /orders", "with a key", |stage| {
        let product = stage.tenant.admin.create_product("Desk lamp", 1250);
        let body = json!({ "lines": [{ "productId": product["id"], "quantity": 2 }] });
        Box::new(move || {
            stage.tenant.admin.post("/orders", &body).header("idempotency-key", "k").send().expect(201);
        })
    }),
    ("POST /orders/{id}/confirmation", "", |stage| {
        let order = stage.tenant.order();
        Box::new(move || drop(stage.tenant.admin.confirm(&order).expect(200)))
    }),
    ("GET /orders/{id}", "", |stage| {
        let order = stage.tenant.order();
        Box::new(move || drop(stage.tenant.admin.order(&order)))
    }),
];
