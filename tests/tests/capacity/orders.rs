use client::{Request, eventually, id, items};
use serde_json::{Value, json};
use tests::Tenant;

use super::{Call, Stage};
use crate::api::order_steps::{add, cancel, line, place, remove};

fn confirmation<'a>(tenant: &'a Tenant, order: &Value) -> Request<'a> {
    tenant.admin.post_empty(&format!("/orders/{}/confirmation", id(order))).if_match(order)
}

/// An order of two products.
fn two_lines(stage: &Stage) -> (Value, Value) {
    let admin = &stage.tenant.admin;
    let [lamp, bulb] = ["Desk lamp", "Bulb"].map(|name| admin.create_product(name, 99));
    (place(admin, &[line(&lamp, 1), line(&bulb, 1)]).send().expect(201), bulb)
}

/// A path below an order that was confirmed, and so has two versions.
fn of_two_versions<'a>(stage: &'a Stage, rest: &str) -> Box<dyn FnOnce() + 'a> {
    let order = stage.tenant.admin.confirm(&stage.tenant.order()).expect(200);
    let path =
        format!("/orders/{}{}", id(&order), rest.replace("NOW", order["confirmedAt"].as_str().unwrap()));
    Box::new(move || drop(stage.tenant.admin.get(&path).send().expect(200)))
}

/// A list with something in it.
fn listed<'a>(stage: &'a Stage, query: &str) -> Box<dyn FnOnce() + 'a> {
    stage.tenant.order();
    let path = format!("/orders?limit=1{}", query.replace("ME", &stage.tenant.admin_id));
    let list = move || stage.tenant.admin.get(&path).send().expect(200);
    eventually("an order is listed", || (!items(&list()["items"]).is_empty()).then_some(()));
    Box::new(move || drop(list()))
}

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
        Box::new(move || drop(confirmation(&stage.tenant, &order).send().expect(200)))
    }),
    ("POST /orders/{id}/confirmation", "with a key", |stage| {
        let order = stage.tenant.order();
        let keyed = confirmation(&stage.tenant, &order).header("idempotency-key", "k");
        Box::new(move || drop(keyed.send().expect(200)))
    }),
    ("POST /orders/{id}/cancellation", "", |stage| {
        let order = stage.tenant.order();
        Box::new(move || drop(cancel(&stage.tenant.admin, &order, "Ordered twice").send().expect(200)))
    }),
    ("POST /orders/{id}/cancellation", "with a key", |stage| {
        let order = stage.tenant.order();
        let keyed = cancel(&stage.tenant.admin, &order, "Ordered twice").header("idempotency-key", "k");
        Box::new(move || drop(keyed.send().expect(200)))
    }),
    ("POST /orders/{id}/lines", "", |stage| {
        let (order, product) = (stage.tenant.order(), stage.tenant.admin.create_product("Bulb", 99));
        Box::new(move || drop(add(&stage.tenant.admin, &order, &product, 1).send().expect(200)))
    }),
    ("POST /orders/{id}/lines", "with a key", |stage| {
        let (order, product) = (stage.tenant.order(), stage.tenant.admin.create_product("Bulb", 99));
        let keyed = add(&stage.tenant.admin, &order, &product, 1).header("idempotency-key", "k");
        Box::new(move || drop(keyed.send().expect(200)))
    }),
    ("DELETE /orders/{id}/lines/{productId}", "", |stage| {
        let (order, product) = two_lines(stage);
        Box::new(move || drop(remove(&stage.tenant.admin, &order, &product).send().expect(200)))
    }),
    ("GET /orders/{id}", "", |stage| of_two_versions(stage, "")),
    ("GET /orders/{id}", "at a version", |stage| of_two_versions(stage, "?version=1")),
    ("GET /orders/{id}", "at a time", |stage| of_two_versions(stage, "?at=NOW")),
    ("GET /orders/{id}/events", "", |stage| of_two_versions(stage, "/events")),
    ("GET /orders/{id}/events", "a further page", |stage| of_two_versions(stage, "/events?cursor=1")),
    ("GET /orders", "", |stage| listed(stage, "")),
    ("GET /orders", "of a customer, by status", |stage| listed(stage, "&customer=ME&status=placed")),
];
