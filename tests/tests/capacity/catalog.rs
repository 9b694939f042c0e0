use client::id;
use serde_json::json;

use super::Call;

pub(super) const CALLS: &[Call] = &[
    ("POST /products", "", |stage| Box::new(|| drop(stage.tenant.admin.create_product("Desk lamp", 1250)))),
    ("POST /products", "with a key", |stage| {
        let body = json!({ "name": "Desk lamp", "price": { "amount": 1250, "currency": "EUR" } });
        Box::new(move || {
            stage.tenant.admin.post("/products", &body).header("idempotency-key", "k").send().expect(201);
        })
    }),
    ("PATCH /products/{id}", "", |stage| {
        let product = stage.tenant.admin.create_product("Desk lamp", 1250);
        let path = format!("/products/{}", id(&product));
        let update = stage.tenant.admin.patch(&path, &json!({ "name": "Floor lamp" })).if_match(&product);
        Box::new(move || drop(update.send().expect(200)))
    }),
    ("POST /products/{id}/retirement", "", |stage| {
        let product = stage.tenant.admin.create_product("Desk lamp", 1250);
        let path = format!("/products/{}/retirement", id(&product));
        let retirement = stage.tenant.admin.post_empty(&path).if_match(&product);
        Box::new(move || drop(retirement.send().expect(200)))
    }),
    ("POST /products/{id}/retirement", "with a key", |stage| {
        let product = stage.tenant.admin.create_product("Desk lamp", 1250);
        let path = format!("/products/{}/retirement", id(&product));
        let retirement = stage.tenant.admin.post_empty(&path).if_match(&product);
        Box::new(move || drop(retirement.header("idempotency-key", "k").send().expect(200)))
    }),
    ("GET /products", "", |stage| {
        stage.tenant.admin.create_product("Desk lamp", 1250);
        Box::new(|| drop(stage.tenant.admin.get("/products?limit=1").send().expect(200)))
    }),
    ("GET /products", "by status", |stage| {
        stage.tenant.admin.create_product("Desk lamp", 1250);
        Box::new(|| drop(stage.tenant.admin.get("/products?limit=1&status=active").send().expect(200)))
    }),
    ("GET /products/{id}", "", |stage| {
        let product = stage.tenant.admin.create_product("Desk lamp", 1250);
        Box::new(move || {
            drop(stage.tenant.admin.get(&format!("/products/{}", id(&product))).send().expect(200))
        })
    }),
];
