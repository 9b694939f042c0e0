//! Requests about orders that several tests send.

use client::{Http, Request, id, items};
use serde_json::{Value, json};

pub fn line(product: &Value, quantity: u64) -> Value {
    json!({ "productId": product["id"], "quantity": quantity })
}

pub fn place<'a>(client: &'a Http, lines: &[Value]) -> Request<'a> {
    client.post("/orders", &json!({ "lines": lines }))
}

/// The path of the order's line of this product.
pub fn line_path(order: &Value, product: &Value) -> String {
    format!("/orders/{}/lines/{}", id(order), id(product))
}

pub fn add<'a>(client: &'a Http, order: &Value, product: &Value, quantity: u64) -> Request<'a> {
    client.post(&format!("/orders/{}/lines", id(order)), &line(product, quantity)).if_match(order)
}

pub fn remove<'a>(client: &'a Http, order: &Value, product: &Value) -> Request<'a> {
    client.delete(&line_path(order, product)).if_match(order)
}

pub fn cancel<'a>(client: &'a Http, order: &Value, reason: &str) -> Request<'a> {
    let path = format!("/orders/{}/cancellation", id(order));
    client.post(&path, &json!({ "reason": reason })).if_match(order)
}

/// Reads all pages of a list. `path` must have a query already.
pub fn all_pages(client: &Http, path: &str) -> Vec<Value> {
    let (mut found, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = client.get(&format!("{path}{cursor}")).send().expect(200);
        found.extend_from_slice(items(&page["items"]));
        match &page["nextCursor"] {
            Value::Null => return found,
            Value::String(next) => cursor = format!("&cursor={next}"),
            next => cursor = format!("&cursor={next}"),
        }
    }
}

pub fn ids(rows: &[Value]) -> Vec<Value> {
    rows.iter().map(|row| row["id"].clone()).collect()
}

/// The field that a validation problem reports.
pub fn field(problem: &Value) -> &str {
    problem["errors"][0]["field"].as_str().unwrap_or_default()
}
