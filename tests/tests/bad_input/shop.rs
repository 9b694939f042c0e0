//! Invalid values in bodies for products and orders.

use serde_json::{Value, json};
use tests::{Tenant, World};

use super::{invalid, shortened, with, without};

fn product() -> Value {
    json!({ "name": "Desk lamp", "price": { "amount": 1250, "currency": "EUR" } })
}

/// Bodies as text, because a `Value` can neither repeat a member nor hold every number.
fn products() -> Vec<(String, &'static str)> {
    let mut rows = vec![
        (r#"{"name":"a","name":"b","price":{"amount":1,"currency":"EUR"}}"#.to_owned(), "/name"),
        (r#"{"name":"a","price":{"amount":1,"amount":1,"currency":"EUR"}}"#.to_owned(), "/price/amount"),
        (r#"["a",{"amount":1,"currency":"EUR"}]"#.to_owned(), ""),
        (r#"{"name":"a","price":[1,"EUR"]}"#.to_owned(), "/price"),
        ("[]".to_owned(), ""),
        ("null".to_owned(), ""),
        (r#""text""#.to_owned(), ""),
    ];
    for number in [
        "-1",
        "1.5",
        "1e3",
        "1000000000001",
        "18446744073709551616",
        "9e999999",
        "\"1250\"",
        "null",
        "true",
        "{}",
    ] {
        rows.push((
            format!(r#"{{"name":"a","price":{{"amount":{number},"currency":"EUR"}}}}"#),
            "/price/amount",
        ));
    }
    let long = "x".repeat(101);
    for name in [
        json!(""),
        json!(" "),
        json!(" a"),
        json!("a "),
        json!("a\nb"),
        json!("a\u{0}b"),
        json!(long),
        json!(7),
        json!(null),
    ] {
        rows.push((with(&product(), "/name", name).to_string(), "/name"));
    }
    for currency in [json!("eur"), json!("EURO"), json!(""), json!("ZZZ"), json!(978), json!(null)] {
        rows.push((with(&product(), "/price/currency", currency).to_string(), "/price/currency"));
    }
    for pointer in ["/name", "/price", "/price/amount", "/price/currency"] {
        rows.push((without(&product(), pointer).to_string(), pointer));
    }
    for pointer in ["/colour", "/price/tax"] {
        rows.push((with(&product(), pointer, json!(1)).to_string(), pointer));
    }
    rows
}

#[test]
fn a_product_s_rules() {
    let world = World::start();
    let tenant = world.tenant("acme");
    for (body, field) in products() {
        invalid(&world, &body, field, || {
            tenant.admin.post_bytes("/products", "application/json", &*body).send()
        });
    }
}

/// The products are in two currencies, and one of them has the highest price.
fn order_rows(tenant: &Tenant) -> Vec<(Value, &'static str)> {
    let lamp = tenant.admin.create_product("Desk lamp", 1250);
    let expensive = tenant.admin.create_product("Villa", 1_000_000_000_000);
    let yen =
        tenant.admin.post("/products", &with(&product(), "/price/currency", json!("JPY"))).send().expect(201);
    let line = |product: &Value, quantity: Value| json!({ "productId": product["id"], "quantity": quantity });
    let order = |lines: Value| json!({ "lines": lines });
    let good = order(json!([line(&lamp, json!(1))]));
    let unknown = json!({ "id": format!("prd_{}", "0".repeat(32)) });
    let upper_case = json!({ "id": lamp["id"].as_str().unwrap().replace("prd_", "PRD_") });
    let mut rows = vec![
        (order(json!([])), "/lines"),
        (order(json!({})), "/lines"),
        (order(json!(null)), "/lines"),
        (json!({}), "/lines"),
        (with(&good, "/coupon", json!("x")), "/coupon"),
        (order(json!([line(&lamp, json!(1)), 7])), "/lines/1"),
        (order(json!([{ "productId": lamp["id"] }])), "/lines/0/quantity"),
        (order(json!([{ "quantity": 1 }])), "/lines/0/productId"),
        (order(json!([{ "productId": lamp["id"], "quantity": 1, "unitPrice": 1 }])), "/lines/0/unitPrice"),
        (order(json!([line(&unknown, json!(1))])), "/lines/0/productId"),
        (order(json!([line(&lamp, json!(1)), line(&unknown, json!(1))])), "/lines/1/productId"),
        (order(json!([line(&upper_case, json!(1))])), "/lines/0/productId"),
        (order(json!([line(&json!({ "id": "" }), json!(1))])), "/lines/0/productId"),
        (order(json!([line(&json!({ "id": 7 }), json!(1))])), "/lines/0/productId"),
        (order(json!([line(&lamp, json!(1)), line(&yen, json!(1))])), "/lines/1"),
        (order(json!([line(&lamp, json!(1)), line(&lamp, json!(2))])), "/lines/1/productId"),
        (order(json!([line(&expensive, json!(2))])), "/lines/0/quantity"),
        (order(json!([line(&expensive, json!(1)), line(&lamp, json!(1))])), "/lines/1"),
        (order(Value::from(vec![line(&lamp, json!(1)); 201])), "/lines"),
    ];
    for quantity in
        [json!(0), json!(-1), json!(1.5), json!(10_001), json!(u64::MAX), json!("1"), json!(null), json!([])]
    {
        rows.push((order(json!([line(&lamp, quantity)])), "/lines/0/quantity"));
    }
    rows
}

#[test]
fn an_order_s_rules() {
    let world = World::start();
    let tenant = world.tenant("acme");
    for (body, field) in order_rows(&tenant) {
        invalid(&world, &shortened(&body), field, || tenant.admin.post("/orders", &body).send());
    }
    assert_eq!(tenant.admin.dashboard()["recentOrders"], json!([]));
}

#[test]
fn too_many_lines_are_refused_before_a_product_is_read() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let line = |n: u32| json!({ "productId": format!("prd_{n:032x}"), "quantity": 1 });
    let lines = |count: u32| json!({ "lines": (0..count).map(line).collect::<Vec<_>>() });
    let place = |count: u32| tenant.admin.post("/orders", &lines(count)).send();
    let ((), consumed) = world.measure(|| invalid(&world, "201 lines", "/lines", || place(201)));
    assert_eq!(consumed.get("PlaceOrderFunction"), None);
    let (problem, consumed) = world.measure(|| place(200).problem(422, "validation"));
    let errors = problem["errors"].as_array().unwrap();
    assert_eq!((errors.len(), &errors[99]["field"]), (100, &json!("/lines/99/productId")), "{problem}");
    assert!(
        consumed.contains_key("PlaceOrderFunction"),
        "the products of an order with 200 lines must be read"
    );
}

/// `order_rows` covers lines of new orders; these rows cover a line that is added to an order.
#[test]
fn an_added_line_s_rules() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let order = tenant.order();
    let lamp = tenant.admin.create_product("Desk lamp", 1250);
    let good = json!({ "productId": lamp["id"], "quantity": 1 });
    let mut rows = vec![
        (with(&good, "/unitPrice", json!(1)), "/unitPrice"),
        (without(&good, "/productId"), "/productId"),
        (without(&good, "/quantity"), "/quantity"),
        (json!([lamp["id"], 1]), ""),
    ];
    for product in [json!(""), json!(7), json!(null), order["id"].clone(), json!(format!("prd_{:032}", 0))] {
        rows.push((with(&good, "/productId", product), "/productId"));
    }
    for quantity in [json!(0), json!(-1), json!(1.5), json!(10_001), json!("1"), json!(null)] {
        rows.push((with(&good, "/quantity", quantity), "/quantity"));
    }
    let path = format!("/orders/{}/lines", order["id"].as_str().unwrap());
    for (body, field) in rows {
        invalid(&world, &shortened(&body), field, || tenant.admin.post(&path, &body).if_match(&order).send());
    }
    assert_eq!(tenant.admin.order(&order), order);
}
