use client::{eventually, id, items};
use serde_json::{Value, json};
use tests::World;

use tests::order_steps::{add, line, place};

#[test]
fn an_order_takes_names_and_prices_from_the_catalog() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let lamp = tenant.admin.create_product("Desk lamp", 1250);
    let bulb = tenant.admin.create_product("Bulb", 99);
    let placed = place(&tenant.admin, &[line(&lamp, 2), line(&bulb, 10)]).send();
    let order = placed.expect(201);
    let eur = |amount: u64| json!({ "amount": amount, "currency": "EUR" });
    assert_eq!(
        order,
        json!({
            "id": order["id"], "status": "placed", "customer": tenant.admin_id,
            "lines": [
                { "productId": lamp["id"], "name": "Desk lamp", "unitPrice": eur(1250), "quantity": 2, "total": eur(2500) },
                { "productId": bulb["id"], "name": "Bulb", "unitPrice": eur(99), "quantity": 10, "total": eur(990) },
            ],
            "total": eur(3490), "version": 1, "placedAt": order["placedAt"],
        })
    );
    let location = placed.header("location").unwrap();
    assert_eq!(location, format!("/orders/{}", id(&order)));
    let read = tenant.admin.get(location).send();
    assert_eq!(read.expect(200), order);
    assert_eq!((placed.header("etag"), read.header("etag")), (Some("\"1\""), Some("\"1\"")));
}

#[test]
fn a_confirmation_is_the_order_s_second_version() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let order = tenant.order();
    let confirmation = tenant.admin.confirm(&order);
    let confirmed = confirmation.expect(200);
    let mut expected = order.clone();
    expected["status"] = json!("confirmed");
    expected["version"] = json!(2);
    expected["confirmedAt"] = confirmed["confirmedAt"].clone();
    assert!(confirmed["confirmedAt"].is_string());
    assert_eq!(confirmed, expected);
    assert_eq!(confirmation.header("etag"), Some("\"2\""));
    assert_eq!(tenant.admin.order(&order), confirmed);
}

#[test]
fn an_order_is_confirmed_once() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let confirmed = tenant.settled_order();
    tenant.admin.confirm(&confirmed).problem(409, "conflict");
    assert_eq!(tenant.admin.order(&confirmed), confirmed);
    assert_eq!(items(&tenant.admin.notifications()["items"]).len(), 1);
}

#[test]
fn of_simultaneous_confirmations_one_wins() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let order = tenant.order();
    let mut statuses = std::thread::scope(|scope| {
        let racers = [(); 4].map(|()| scope.spawn(|| tenant.admin.confirm(&order).status));
        racers.map(|racer| racer.join().unwrap())
    });
    statuses.sort_unstable();
    assert_eq!(statuses[0], 200, "{statuses:?}");
    assert!(statuses[1..].iter().all(|status| [409, 412].contains(status)), "{statuses:?}");
    assert_eq!(tenant.admin.order(&order)["version"], 2);
}

#[test]
fn what_is_not_there_is_not_found() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let unknown = json!({ "id": format!("ord_{}", "0".repeat(32)) });
    tenant.admin.get(&format!("/orders/{}", id(&unknown))).send().problem(404, "not-found");
    tenant.admin.confirm(&unknown).problem(404, "not-found");
}

#[test]
fn repeated_idempotency_keys_place_and_confirm_once() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let lamp = tenant.admin.create_product("Desk lamp", 1250);
    let place = |quantity| {
        let body = json!({ "lines": [line(&lamp, quantity)] });
        tenant.admin.post("/orders", &body).header("idempotency-key", "k").send()
    };
    let (first, again) = (place(1), place(1));
    let order = first.expect(201);
    assert_eq!(again.expect(201), order);
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    place(2).problem(422, "idempotency-key-reused");

    let path = format!("/orders/{}/confirmation", id(&order));
    let confirm = || tenant.admin.post_empty(&path).if_match(&order).header("idempotency-key", "k").send();
    let (first, again) = (confirm(), confirm());
    assert_eq!(first.expect(200), again.expect(200));
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    tenant.settled(&order);
    assert_eq!(items(&tenant.admin.dashboard()["recentOrders"]).len(), 1);
}

#[test]
fn an_idempotency_key_of_one_order_s_confirmation_is_refused_for_another_s() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let [first, second] = [tenant.order(), tenant.order()];
    let confirm = |order: &Value| {
        tenant
            .admin
            .post_empty(&format!("/orders/{}/confirmation", id(order)))
            .if_match(order)
            .header("idempotency-key", "k")
            .send()
    };
    assert_eq!(confirm(&first).expect(200)["id"], first["id"]);
    confirm(&second).problem(422, "idempotency-key-reused");
    assert_eq!(tenant.admin.order(&second), second);
}

#[test]
fn an_order_of_the_largest_size_takes_no_line_more_and_is_confirmed() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let lines: Vec<Value> =
        (0..200).map(|n| line(&tenant.admin.create_product(&format!("Product {n}"), n), 1)).collect();
    let order = place(&tenant.admin, &lines).send().expect(201);
    assert_eq!(order["total"]["amount"], (0..200).sum::<u64>());
    let another = tenant.admin.create_product("Product 200", 200);
    let problem = add(&tenant.admin, &order, &another, 1).send().problem(409, "conflict");
    assert!(problem["detail"].as_str().unwrap().contains("200 lines"), "{problem}");
    tenant.admin.confirm(&order).expect(200);
    eventually("the dashboard lists the large order as confirmed", || {
        let dashboard = tenant.admin.dashboard();
        let row = items(&dashboard["recentOrders"]).first()?.clone();
        (row["status"] == "confirmed" && row["lineCount"] == 200).then_some(())
    });
}
