use crate::Tenant;
use client::{Request, eventually, id, items};
use serde_json::{Value, json};

use super::{Call, Fixture};
use crate::order_steps::{add, cancel, line, place, remove};

fn confirmation<'a>(tenant: &'a Tenant, order: &Value) -> Request<'a> {
    tenant.admin.post_empty(&format!("/orders/{}/confirmation", id(order))).if_match(order)
}

/// An order of two products, and the second product.
fn two_lines(fixture: &Fixture) -> (Value, Value) {
    let admin = &fixture.tenant.admin;
    let [lamp, bulb] = ["Desk lamp", "Bulb"].map(|name| admin.create_product(name, 99));
    (place(admin, &[line(&lamp, 1), line(&bulb, 1)]).send().expect(201), bulb)
}

/// Reads a path of a confirmed order, which has two versions.
fn of_two_versions<'a>(fixture: &'a Fixture, rest: &str) -> Box<dyn FnOnce() + 'a> {
    let order = fixture.tenant.admin.confirm(&fixture.tenant.order()).expect(200);
    let path = format!(
        "/orders/{}{}",
        id(&order),
        rest.replace("NOW", order["confirmedAt"].as_str().unwrap_or_default())
    );
    Box::new(move || drop(fixture.tenant.admin.get(&path).send().expect(200)))
}

/// Reads a list that has at least one order.
fn listed<'a>(fixture: &'a Fixture, query: &str) -> Box<dyn FnOnce() + 'a> {
    fixture.tenant.order();
    let path = format!("/orders?limit=1{}", query.replace("ME", &fixture.tenant.admin_id));
    let list = move || fixture.tenant.admin.get(&path).send().expect(200);
    eventually("an order is listed", || (!items(&list()["items"]).is_empty()).then_some(()));
    Box::new(move || drop(list()))
}

pub(super) const CALLS: &[Call] = &[
    ("POST /orders", "of one product", 2, |fixture| {
        let product = fixture.tenant.admin.create_product("Desk lamp", 1250);
        Box::new(move || drop(fixture.tenant.admin.place_order(&product, 2)))
    }),
    ("POST /orders", "with a key", 3, |fixture| {
        let product = fixture.tenant.admin.create_product("Desk lamp", 1250);
        let body = json!({ "lines": [{ "productId": product["id"], "quantity": 2 }] });
        Box::new(move || {
            fixture
                .tenant
                .admin
                .post("/orders", &body)
                .header("idempotency-key", &fixture.unique("k"))
                .send()
                .expect(201);
        })
    }),
    ("POST /orders/{id}/confirmation", "", 2, |fixture| {
        let order = fixture.tenant.order();
        Box::new(move || drop(confirmation(&fixture.tenant, &order).send().expect(200)))
    }),
    ("POST /orders/{id}/confirmation", "with a key", 3, |fixture| {
        let order = fixture.tenant.order();
        let keyed = confirmation(&fixture.tenant, &order).header("idempotency-key", &fixture.unique("k"));
        Box::new(move || drop(keyed.send().expect(200)))
    }),
    ("POST /orders/{id}/cancellation", "", 2, |fixture| {
        let order = fixture.tenant.order();
        Box::new(move || drop(cancel(&fixture.tenant.admin, &order, "Ordered twice").send().expect(200)))
    }),
    ("POST /orders/{id}/cancellation", "with a key", 3, |fixture| {
        let order = fixture.tenant.order();
        let keyed = cancel(&fixture.tenant.admin, &order, "Ordered twice")
            .header("idempotency-key", &fixture.unique("k"));
        Box::new(move || drop(keyed.send().expect(200)))
    }),
    ("POST /orders/{id}/lines", "", 3, |fixture| {
        let (order, product) = (fixture.tenant.order(), fixture.tenant.admin.create_product("Bulb", 99));
        Box::new(move || drop(add(&fixture.tenant.admin, &order, &product, 1).send().expect(200)))
    }),
    ("POST /orders/{id}/lines", "with a key", 4, |fixture| {
        let (order, product) = (fixture.tenant.order(), fixture.tenant.admin.create_product("Bulb", 99));
        let keyed =
            add(&fixture.tenant.admin, &order, &product, 1).header("idempotency-key", &fixture.unique("k"));
        Box::new(move || drop(keyed.send().expect(200)))
    }),
    ("DELETE /orders/{id}/lines/{productId}", "", 2, |fixture| {
        let (order, product) = two_lines(fixture);
        Box::new(move || drop(remove(&fixture.tenant.admin, &order, &product).send().expect(200)))
    }),
    ("GET /orders/{id}", "", 1, |fixture| of_two_versions(fixture, "")),
    ("GET /orders/{id}", "at a version", 1, |fixture| of_two_versions(fixture, "?version=1")),
    ("GET /orders/{id}", "at a time", 1, |fixture| of_two_versions(fixture, "?at=NOW")),
    ("GET /orders/{id}/events", "", 1, |fixture| of_two_versions(fixture, "/events")),
    ("GET /orders/{id}/events", "a further page", 2, |fixture| of_two_versions(fixture, "/events?cursor=1")),
    ("GET /orders", "", 1, |fixture| listed(fixture, "")),
    ("GET /orders", "of a customer, by status", 1, |fixture| listed(fixture, "&customer=ME&status=placed")),
];
