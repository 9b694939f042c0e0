use client::id;
use serde_json::json;

use super::Call;

pub(super) const CALLS: &[Call] = &[
    ("POST /products", "", 1, |fixture| {
        Box::new(|| drop(fixture.tenant.admin.create_product("Desk lamp", 1250)))
    }),
    ("POST /products", "with a key", 2, |fixture| {
        let body = json!({ "name": "Desk lamp", "price": { "amount": 1250, "currency": "EUR" } });
        Box::new(move || {
            fixture
                .tenant
                .admin
                .post("/products", &body)
                .header("idempotency-key", &fixture.unique("k"))
                .send()
                .expect(201);
        })
    }),
    ("PATCH /products/{id}", "", 2, |fixture| {
        let product = fixture.tenant.admin.create_product("Desk lamp", 1250);
        let path = format!("/products/{}", id(&product));
        let update = fixture.tenant.admin.patch(&path, &json!({ "name": "Floor lamp" })).if_match(&product);
        Box::new(move || drop(update.send().expect(200)))
    }),
    ("POST /products/{id}/retirement", "", 2, |fixture| {
        let product = fixture.tenant.admin.create_product("Desk lamp", 1250);
        let path = format!("/products/{}/retirement", id(&product));
        let retirement = fixture.tenant.admin.post_empty(&path).if_match(&product);
        Box::new(move || drop(retirement.send().expect(200)))
    }),
    ("POST /products/{id}/retirement", "with a key", 3, |fixture| {
        let product = fixture.tenant.admin.create_product("Desk lamp", 1250);
        let path = format!("/products/{}/retirement", id(&product));
        let retirement = fixture.tenant.admin.post_empty(&path).if_match(&product);
        Box::new(move || drop(retirement.header("idempotency-key", &fixture.unique("k")).send().expect(200)))
    }),
    ("GET /products", "", 1, |fixture| {
        fixture.tenant.admin.create_product("Desk lamp", 1250);
        Box::new(|| drop(fixture.tenant.admin.get("/products?limit=1").send().expect(200)))
    }),
    ("GET /products", "by status", 1, |fixture| {
        fixture.tenant.admin.create_product("Desk lamp", 1250);
        Box::new(|| drop(fixture.tenant.admin.get("/products?limit=1&status=active").send().expect(200)))
    }),
    ("GET /products/{id}", "", 1, |fixture| {
        let product = fixture.tenant.admin.create_product("Desk lamp", 1250);
        Box::new(move || {
            drop(fixture.tenant.admin.get(&format!("/products/{}", id(&product))).send().expect(200))
        })
    }),
];
