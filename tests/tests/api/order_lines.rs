//! Lines are added to an order and removed from it while it is placed.

use client::{eventually, id, items};
use serde_json::{Value, json};
use tests::World;

use tests::order_steps::{add, cancel, field, line, line_path, place, remove};

fn eur(amount: u64) -> Value {
    json!({ "amount": amount, "currency": "EUR" })
}

#[test]
fn lines_are_added_at_the_catalog_s_present_prices_and_removed() {
    let world = World::start();
    let admin = world.tenant("acme").admin;
    let [lamp, bulb] =
        [("Desk lamp", 1250), ("Bulb", 99)].map(|(name, price)| admin.create_product(name, price));
    let placed = admin.place_order(&lamp, 2);
    let dearer = json!({ "name": "Bright bulb", "price": eur(150) });
    admin.patch(&format!("/products/{}", id(&bulb)), &dearer).if_match(&bulb).send().expect(200);

    let addition = add(&admin, &placed, &bulb, 10).send();
    let added = addition.expect(200);
    let mut expected = placed.clone();
    expected["version"] = json!(2);
    expected["total"] = eur(4000);
    expected["lines"] = json!([
        placed["lines"][0],
        { "productId": bulb["id"], "name": "Bright bulb", "unitPrice": eur(150), "quantity": 10, "total": eur(1500) },
    ]);
    assert_eq!(added, expected);
    assert_eq!(addition.header("etag"), Some("\"2\""));
    assert_eq!(admin.order(&placed), added);

    let removed = remove(&admin, &added, &lamp).send().expect(200);
    expected["version"] = json!(3);
    expected["total"] = eur(1500);
    expected["lines"] = json!([added["lines"][1]]);
    assert_eq!(removed, expected);
    assert_eq!(admin.order(&placed), removed);
    eventually("the list shows the new total", || {
        let list = admin.get("/orders").send().expect(200);
        let row = items(&list["items"]).first()?.clone();
        (row["total"] == eur(1500) && row["lineCount"] == 1).then_some(())
    });
}

#[test]
fn a_line_that_breaks_a_rule_is_refused_and_changes_nothing() {
    let world = World::start();
    let admin = world.tenant("acme").admin;
    let [lamp, villa, old] = [("Lamp", 1250), ("Villa", 1_000_000_000_000), ("Old lamp", 1)]
        .map(|(name, price)| admin.create_product(name, price));
    let price = json!({ "amount": 5, "currency": "JPY" });
    let yen = admin.post("/products", &json!({ "name": "Fan", "price": price })).send().expect(201);
    admin.post_empty(&format!("/products/{}/retirement", id(&old))).if_match(&old).send().expect(200);
    let unknown = json!({ "id": format!("prd_{}", "0".repeat(32)) });
    let order = admin.place_order(&lamp, 1);
    for (product, quantity, pointer) in [
        (&unknown, 1, "/productId"),
        (&old, 1, "/productId"),
        (&yen, 1, "/productId"),
        (&villa, 1, "/quantity"),
        (&villa, 2, "/quantity"),
        (&villa, 0, "/quantity"),
    ] {
        let problem = add(&admin, &order, product, quantity).send().problem(422, "validation");
        assert_eq!(field(&problem), pointer, "{problem}");
    }
    let problem = add(&admin, &order, &lamp, 1).send().problem(409, "conflict");
    assert!(problem["detail"].as_str().unwrap().contains("remove it first"), "{problem}");
    assert_eq!(admin.order(&order), order);
}

/// Order and product are read side by side.
#[test]
fn what_is_wrong_with_the_order_is_answered_before_what_is_wrong_with_the_product() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let admin = &tenant.admin;
    let [lamp, bulb] = ["Desk lamp", "Bulb"].map(|name| admin.create_product(name, 99));
    let read_before = admin.place_order(&lamp, 1);
    add(admin, &read_before, &bulb, 1).send().expect(200);
    let nothing = json!({ "id": format!("ord_{}", "0".repeat(32)), "version": 1 });
    let unknown = json!({ "id": format!("prd_{}", "0".repeat(32)) });
    let refused = || {
        add(admin, &read_before, &unknown, 1).send().problem(412, "precondition-failed");
        add(admin, &nothing, &unknown, 1).send().problem(404, "not-found");
    };
    refused();
    world.fail("GetItem", &format!("T#{}#products", tenant.id));
    refused();
}

#[test]
fn a_line_is_removed_once() {
    let world = World::start();
    let admin = world.tenant("acme").admin;
    let [lamp, bulb] = ["Desk lamp", "Bulb"].map(|name| admin.create_product(name, 99));
    let order = place(&admin, &[line(&lamp, 1), line(&bulb, 1)]).send().expect(201);
    let removed = remove(&admin, &order, &bulb).send().expect(200);
    remove(&admin, &order, &bulb).send().problem(412, "precondition-failed");
    remove(&admin, &removed, &bulb).send().problem(404, "not-found");
    let problem = remove(&admin, &removed, &lamp).send().problem(409, "conflict");
    assert!(problem["detail"].as_str().unwrap().contains("cancel the order"), "{problem}");
    assert_eq!(admin.order(&order), removed);
    let added = add(&admin, &removed, &bulb, 3).send().expect(200);
    assert_eq!(added["lines"][1]["quantity"], 3, "a removed product can be added again");
}

#[test]
fn lines_change_only_while_the_order_is_placed() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let admin = &tenant.admin;
    let [lamp, bulb, fan] = ["Desk lamp", "Bulb", "Fan"].map(|name| admin.create_product(name, 99));
    let order = place(admin, &[line(&lamp, 1), line(&bulb, 1)]).send().expect(201);
    let confirmed = admin.confirm(&order).expect(200);
    add(admin, &confirmed, &fan, 1).send().problem(409, "conflict");
    remove(admin, &confirmed, &bulb).send().problem(409, "conflict");
    let cancelled = cancel(admin, &confirmed, "No longer needed").send().expect(200);
    for request in [add(admin, &cancelled, &fan, 1), remove(admin, &cancelled, &bulb)] {
        let problem = request.send().problem(409, "conflict");
        assert!(problem["detail"].as_str().unwrap().contains("cancelled"), "{problem}");
    }
    assert_eq!(admin.order(&order), cancelled);
}

#[test]
fn an_unknown_order_gets_and_loses_no_line() {
    let world = World::start();
    let admin = world.tenant("acme").admin;
    let lamp = admin.create_product("Desk lamp", 1250);
    let unknown = json!({ "id": format!("ord_{}", "0".repeat(32)), "version": 1 });
    add(&admin, &unknown, &lamp, 1).send().problem(404, "not-found");
    remove(&admin, &unknown, &lamp).send().problem(404, "not-found");
    let order = admin.place_order(&lamp, 1);
    let path = line_path(&order, &json!({ "id": "lamp" }));
    let problem = admin.delete(&path).if_match(&order).send().problem(422, "validation");
    assert_eq!(field(&problem), "/productId");
}

#[test]
fn a_repeated_idempotency_key_adds_one_line() {
    let world = World::start();
    let admin = world.tenant("acme").admin;
    let [lamp, bulb] = ["Desk lamp", "Bulb"].map(|name| admin.create_product(name, 99));
    let order = admin.place_order(&lamp, 1);
    let keyed = |quantity| add(&admin, &order, &bulb, quantity).header("idempotency-key", "k").send();
    let (first, again) = (keyed(1), keyed(1));
    assert_eq!(first.expect(200), again.expect(200));
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    keyed(2).problem(422, "idempotency-key-reused");
    assert_eq!(admin.order(&order), first.json());
}

#[test]
fn members_change_their_own_orders_alone() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let [lamp, bulb] = ["Desk lamp", "Bulb"].map(|name| tenant.admin.create_product(name, 99));
    let [mia, max] = ["Mia", "Max"].map(|name| tenant.member(&world.anonymous(), name));
    let order = mia.place_order(&lamp, 1);
    add(&max, &order, &bulb, 1).send().problem(404, "not-found");
    remove(&max, &order, &lamp).send().problem(404, "not-found");
    cancel(&max, &order, "Not mine").send().problem(404, "not-found");
    assert_eq!(mia.order(&order), order);
    let added = add(&mia, &order, &bulb, 1).send().expect(200);
    let removed = remove(&tenant.admin, &added, &lamp).send().expect(200);
    assert_eq!(cancel(&mia, &removed, "Changed my mind").send().expect(200)["status"], "cancelled");
}
