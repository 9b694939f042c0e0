//! Changes and retirement of products, and their effects on orders.

use client::{Http, Request, id};
use serde_json::{Value, json};
use tests::World;
use tests::journey::assert_one_won;

use tests::order_steps::{field, line, place};

fn update<'a>(client: &'a Http, product: &Value, changes: &Value) -> Request<'a> {
    client.patch(&format!("/products/{}", id(product)), changes).if_match(product)
}

fn retire<'a>(client: &'a Http, product: &Value) -> Request<'a> {
    client.post_empty(&format!("/products/{}/retirement", id(product))).if_match(product)
}

#[test]
fn an_update_changes_what_it_names() {
    let world = World::start();
    let admin = world.tenant("acme").admin;
    let created = admin.create_product("Desk lamp", 1250);
    let renaming = update(&admin, &created, &json!({ "name": "Floor lamp" })).send();
    let renamed = renaming.expect(200);
    let mut expected = created.clone();
    expected["name"] = json!("Floor lamp");
    expected["version"] = json!(2);
    assert_eq!(renamed, expected);
    assert_eq!(renaming.header("etag"), Some("\"2\""));
    expected["price"] = json!({ "amount": 1300, "currency": "USD" });
    expected["version"] = json!(3);
    let changed = update(&admin, &renamed, &json!({ "price": expected["price"] })).send().expect(200);
    assert_eq!(changed, expected);
    assert_eq!(admin.get(&format!("/products/{}", id(&created))).send().expect(200), expected);
}

#[test]
fn an_update_keeps_the_rules_of_a_product() {
    let world = World::start();
    let admin = world.tenant("acme").admin;
    let product = admin.create_product("Desk lamp", 1250);
    for (changes, pointer) in [
        (json!({}), ""),
        (json!({ "name": "" }), "/name"),
        (json!({ "name": null }), "/name"),
        (json!({ "price": null }), "/price"),
        (json!({ "price": { "amount": 1 } }), "/price/currency"),
        (json!({ "price": { "amount": -1, "currency": "EUR" } }), "/price/amount"),
        (json!({ "name": "Lamp", "status": "retired" }), "/status"),
        (json!({ "version": 2 }), "/version"),
    ] {
        let problem = update(&admin, &product, &changes).send().problem(422, "validation");
        assert_eq!(field(&problem), pointer, "{problem}");
    }
    assert_eq!(admin.get(&format!("/products/{}", id(&product))).send().expect(200), product);
}

#[test]
fn a_retired_product_stays_in_orders_and_out_of_new_ones() {
    let world = World::start();
    let admin = world.tenant("acme").admin;
    let [lamp, bulb] = ["Desk lamp", "Bulb"].map(|name| admin.create_product(name, 99));
    let order = admin.place_order(&lamp, 1);
    let retirement = retire(&admin, &lamp).send();
    let retired = retirement.expect(200);
    let mut expected = lamp.clone();
    expected["status"] = json!("retired");
    expected["version"] = json!(2);
    assert_eq!(retired, expected);
    assert_eq!(retirement.header("etag"), Some("\"2\""));
    assert_eq!(admin.get(&format!("/products/{}", id(&lamp))).send().expect(200), retired);

    assert_eq!(admin.order(&order), order);
    assert_eq!(admin.confirm(&order).expect(200)["lines"], order["lines"]);
    let problem = place(&admin, &[line(&bulb, 1), line(&lamp, 1)]).send().problem(422, "validation");
    assert_eq!(field(&problem), "/lines/1/productId");
    assert!(problem["detail"].as_str().unwrap().contains("retired"), "{problem}");
    for request in [retire(&admin, &retired), update(&admin, &retired, &json!({ "name": "Old lamp" }))] {
        let problem = request.send().problem(409, "conflict");
        assert!(problem["detail"].as_str().unwrap().contains("was retired"), "{problem}");
    }
    assert_eq!(admin.get(&format!("/products/{}", id(&lamp))).send().expect(200), retired);
}

#[test]
fn a_change_names_the_version_that_it_is_about() {
    let world = World::start();
    let admin = world.tenant("acme").admin;
    let product = admin.create_product("Desk lamp", 1250);
    let changes = json!({ "name": "Floor lamp" });
    let path = format!("/products/{}", id(&product));
    let retirement = format!("{path}/retirement");
    admin.patch(&path, &changes).send().problem(428, "precondition-required");
    admin.post_empty(&retirement).send().problem(428, "precondition-required");
    let stale = json!({ "version": 2 });
    admin.patch(&path, &changes).if_match(&stale).send().problem(412, "precondition-failed");
    admin.post_empty(&retirement).if_match(&stale).send().problem(412, "precondition-failed");
    assert_eq!(admin.get(&path).send().expect(200), product);
    let unknown = json!({ "id": format!("prd_{}", "0".repeat(32)), "version": 1 });
    update(&admin, &unknown, &changes).send().problem(404, "not-found");
    retire(&admin, &unknown).send().problem(404, "not-found");
}

#[test]
fn of_two_changes_of_one_version_one_wins() {
    let world = World::start();
    let admin = world.tenant("acme").admin;
    for _ in 0..3 {
        let product = admin.create_product("Desk lamp", 1250);
        let mut statuses = std::thread::scope(|scope| {
            let rename = || update(&admin, &product, &json!({ "name": "Floor lamp" })).send().status;
            let racers = [
                scope.spawn(rename),
                scope.spawn(rename),
                scope.spawn(|| retire(&admin, &product).send().status),
            ];
            racers.map(|racer| racer.join().unwrap())
        });
        assert_one_won(&mut statuses);
        assert_eq!(admin.get(&format!("/products/{}", id(&product))).send().expect(200)["version"], 2);
    }
}

#[test]
fn a_repeated_idempotency_key_retires_once() {
    let world = World::start();
    let admin = world.tenant("acme").admin;
    let [lamp, bulb] = ["Desk lamp", "Bulb"].map(|name| admin.create_product(name, 99));
    let keyed = |product: &Value| retire(&admin, product).header("idempotency-key", "k").send();
    let (first, again) = (keyed(&lamp), keyed(&lamp));
    assert_eq!(first.expect(200), again.expect(200));
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    keyed(&bulb).problem(422, "idempotency-key-reused");
}

#[test]
fn members_see_products_and_change_none() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let product = tenant.admin.create_product("Desk lamp", 1250);
    let member = tenant.member(&world.anonymous(), "Mia");
    update(&member, &product, &json!({ "name": "Mine" })).send().problem(403, "forbidden");
    retire(&member, &product).send().problem(403, "forbidden");
    assert_eq!(member.get(&format!("/products/{}", id(&product))).send().expect(200), product);
    assert_eq!(member.get("/products").send().expect(200), json!({ "items": [product] }));
}
