use serde_json::json;
use tests::client::id;

use super::Call;

pub(super) const CALLS: &[Call] = &[
    ("POST /products", "", |stage| Box::new(|| drop(stage.tenant.admin.create_product("Desk lamp", 1250)))),
    ("POST /products", "with a key", |stage| {
        let body = json!({ "name": "Desk lamp", "price": { "amount": 1250, "currency": "EUR" } });
        Box::new(move || {
            stage.tenant.admin.post("/products", &body).header("idempotency-key", "k").send().expect(201);
        })
    }),
    ("GET /products/{id}", "", |stage| {
        let product = stage.tenant.admin.create_product("Desk lamp", 1250);
        Box::new(move || {
            drop(stage.tenant.admin.get(&format!("/products/{}", id(&product))).send().expect(200))
        })
    }),
];
