//! Cancellation, and what all changes of an order have in common: versions, races, idempotency keys.

use client::{Http, Request, eventually, id, items};
use serde_json::{Value, json};
use tests::journey::assert_one_won;
use tests::{Tenant, World};

use tests::order_steps::{add, cancel, field, line, line_path, place, remove};

#[test]
fn an_order_is_cancelled_from_placed_and_from_confirmed() {
    let world = World::start();
    let tenant = world.tenant("acme");
    for confirmed_first in [false, true] {
        let placed = tenant.order();
        let before = if confirmed_first { tenant.admin.confirm(&placed).expect(200) } else { placed };
        let cancellation = cancel(&tenant.admin, &before, "Ordered twice").send();
        let cancelled = cancellation.expect(200);
        let mut expected = before.clone();
        expected["status"] = json!("cancelled");
        expected["version"] = json!(before["version"].as_u64().unwrap() + 1);
        expected["cancelReason"] = json!("Ordered twice");
        expected["cancelledAt"] = cancelled["cancelledAt"].clone();
        assert!(cancelled["cancelledAt"].is_string());
        assert_eq!(cancelled, expected);
        assert_eq!(cancellation.header("etag"), Some(format!("\"{}\"", cancelled["version"]).as_str()));
        assert_eq!(tenant.admin.order(&before), cancelled);
        eventually("the list shows the order as cancelled", || {
            let list = tenant.admin.get("/orders?status=cancelled").send().expect(200);
            items(&list["items"]).iter().any(|row| row["id"] == before["id"]).then_some(())
        });
    }
}

#[test]
fn a_cancelled_order_says_so_to_every_change() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let cancelled = cancel(&tenant.admin, &tenant.order(), "Ordered twice").send().expect(200);
    for (what, request) in changes(&tenant, &cancelled) {
        let problem = request.if_match(&cancelled).send().problem(409, "conflict");
        assert!(problem["detail"].as_str().unwrap().contains("was cancelled"), "{what}: {problem}");
    }
    assert_eq!(tenant.admin.order(&cancelled), cancelled);
}

#[test]
fn a_reason_is_needed_and_keeps_its_rules() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let order = tenant.order();
    let path = format!("/orders/{}/cancellation", id(&order));
    let long = "x".repeat(501);
    for (body, pointer) in [
        (json!({}), "/reason"),
        (json!({ "reason": "" }), "/reason"),
        (json!({ "reason": null }), "/reason"),
        (json!({ "reason": long }), "/reason"),
        (json!({ "reason": "x", "refund": true }), "/refund"),
    ] {
        let problem = tenant.admin.post(&path, &body).if_match(&order).send().problem(422, "validation");
        assert_eq!(field(&problem), pointer, "{problem}");
    }
    assert_eq!(tenant.admin.order(&order), order);
    let longest = "x".repeat(500);
    let cancelled = cancel(&tenant.admin, &order, &longest).send().expect(200);
    assert_eq!(cancelled["cancelReason"], longest);
}

/// A request for each way to change an order, without `If-Match`.
fn changes<'a>(tenant: &'a Tenant, order: &Value) -> Vec<(&'static str, Request<'a>)> {
    let admin: &Http = &tenant.admin;
    let bulb = tenant.admin.create_product("Bulb", 99);
    let product = json!({ "id": order["lines"][0]["productId"] });
    let path = |rest: &str| format!("/orders/{}/{rest}", id(order));
    vec![
        ("add_line", admin.post(&path("lines"), &line(&bulb, 1))),
        ("remove_line", admin.delete(&line_path(order, &product))),
        ("confirm_order", admin.post_empty(&path("confirmation"))),
        ("cancel_order", admin.post(&path("cancellation"), &json!({ "reason": "Ordered twice" }))),
    ]
}

#[test]
fn a_change_names_the_version_that_it_is_about() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let order = {
        let bulb = tenant.admin.create_product("Bulb", 99);
        add(&tenant.admin, &tenant.order(), &bulb, 1).send().expect(200)
    };
    assert_eq!(order["version"], 2);
    for (what, request) in changes(&tenant, &order) {
        println!("{what} without a version");
        request.send().problem(428, "precondition-required");
    }
    for stale in ["\"1\"", "\"3\"", "W/\"2\"", "\"1\", \"3\""] {
        for (what, request) in changes(&tenant, &order) {
            println!("{what} of {stale}");
            let problem = request.header("if-match", stale).send().problem(412, "precondition-failed");
            assert!(problem["detail"].as_str().unwrap().contains("version 2"), "{problem}");
        }
    }
    assert_eq!(tenant.admin.order(&order), order);
    for (what, request) in changes(&tenant, &order).into_iter().take(3) {
        println!("{what} of any version");
        request.header("if-match", "*").send().expect(200);
    }
}

#[test]
fn of_two_changes_of_one_version_one_wins() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let bulb = tenant.admin.create_product("Bulb", 99);
    for _ in 0..3 {
        let lamp = tenant.admin.create_product("Desk lamp", 1250);
        let fan = tenant.admin.create_product("Fan", 5000);
        let order = place(&tenant.admin, &[line(&lamp, 1), line(&fan, 1)]).send().expect(201);
        let mut statuses = std::thread::scope(|scope| {
            let racers = [
                scope.spawn(|| add(&tenant.admin, &order, &bulb, 1).send().status),
                scope.spawn(|| remove(&tenant.admin, &order, &lamp).send().status),
                scope.spawn(|| cancel(&tenant.admin, &order, "Ordered twice").send().status),
                scope.spawn(|| tenant.admin.confirm(&order).status),
            ];
            racers.map(|racer| racer.join().unwrap())
        });
        assert_one_won(&mut statuses);
        assert_eq!(tenant.admin.order(&order)["version"], 2);
    }
}

#[test]
fn a_repeated_idempotency_key_cancels_once() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let order = tenant.order();
    let keyed = |reason: &str| cancel(&tenant.admin, &order, reason).header("idempotency-key", "k").send();
    let (first, again) = (keyed("Ordered twice"), keyed("Ordered twice"));
    assert_eq!(first.expect(200), again.expect(200));
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    keyed("Another reason").problem(422, "idempotency-key-reused");
    assert_eq!(tenant.admin.order(&order), first.json());
}
