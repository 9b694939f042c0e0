//! The history of an order, and its past states.

use client::{Http, id, items};
use serde_json::{Value, json};
use tests::{Tenant, World};

use tests::order_steps::{add, all_pages, cancel, field, remove};

/// The states of one order at each of its versions, which result from one event of each type.
fn order_states(tenant: &Tenant) -> Vec<Value> {
    let admin = &tenant.admin;
    let [lamp, bulb] = ["Desk lamp", "Bulb"].map(|name| admin.create_product(name, 99));
    let placed = admin.place_order(&lamp, 1);
    let added = add(admin, &placed, &bulb, 2).send().expect(200);
    let removed = remove(admin, &added, &lamp).send().expect(200);
    let confirmed = admin.confirm(&removed).expect(200);
    let cancelled = cancel(admin, &confirmed, "Ordered twice").send().expect(200);
    vec![placed, added, removed, confirmed, cancelled]
}

fn history(client: &Http, order: &Value, limit: usize) -> Vec<Value> {
    all_pages(client, &format!("/orders/{}/events?limit={limit}", id(order)))
}

#[test]
fn a_history_lists_every_event_with_its_version_time_actor_and_data() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let states = order_states(&tenant);
    let order = &states[0];
    let answer = tenant.admin.get(&format!("/orders/{}/events", id(order))).send().expect(200);
    let events = items(&answer["items"]);
    let listed: Vec<_> =
        events.iter().map(|event| (event["type"].as_str().unwrap(), &event["version"])).collect();
    let types =
        ["order.placed", "order.lineAdded", "order.lineRemoved", "order.confirmed", "order.cancelled"];
    let versions = [1, 2, 3, 4, 5].map(Value::from);
    assert_eq!(listed, types.into_iter().zip(&versions).collect::<Vec<_>>());
    for event in events {
        assert!(id(event).starts_with("evt_"));
        assert_eq!(event["actor"], json!({ "kind": "user", "id": tenant.admin_id }));
        assert_eq!(event["data"]["order"], order["id"]);
    }
    assert_eq!(events[0]["at"], order["placedAt"]);
    assert_eq!(events[1]["data"]["line"]["quantity"], 2);
    assert_eq!(events[1]["data"]["total"], states[1]["total"]);
    assert_eq!(events[2]["data"]["product"], order["lines"][0]["productId"]);
    assert_eq!(events[2]["data"]["total"], states[2]["total"]);
    assert_eq!(events[3]["at"], states[3]["confirmedAt"]);
    assert_eq!(
        (&events[4]["at"], &events[4]["data"]["reason"]),
        (&states[4]["cancelledAt"], &json!("Ordered twice"))
    );
    assert_eq!(answer.get("nextCursor"), None);
}

#[test]
fn pages_of_a_history_join_to_the_whole() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let order = &order_states(&tenant)[0];
    let whole = history(&tenant.admin, order, 100);
    assert_eq!(whole.len(), 5);
    for limit in [1, 2, 3, 5] {
        assert_eq!(history(&tenant.admin, order, limit), whole, "{limit} a page");
    }
    let first = tenant.admin.get(&format!("/orders/{}/events?limit=2", id(order))).send().expect(200);
    assert_eq!(first["nextCursor"], 2, "a cursor is the last version of its page");
    let behind = tenant.admin.get(&format!("/orders/{}/events?cursor=5", id(order))).send().expect(200);
    assert_eq!(behind, json!({ "items": [] }));
}

#[test]
fn a_history_s_parameters_keep_their_rules() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let order = tenant.order();
    for (query, pointer) in [
        ("limit=0", "/limit"),
        ("limit=101", "/limit"),
        ("limit=x", "/limit"),
        ("cursor=0", "/cursor"),
        ("cursor=-1", "/cursor"),
        ("cursor=01", "/cursor"),
        ("cursor=1.5", "/cursor"),
        ("cursor=", "/cursor"),
        ("cursor=99999999999999999999", "/cursor"),
        ("cursor=e%230000000001", "/cursor"),
        ("type=order.placed", "/type"),
        ("sort=version", "/sort"),
    ] {
        let path = format!("/orders/{}/events?{query}", id(&order));
        assert_eq!(field(&tenant.admin.get(&path).send().problem(422, "validation")), pointer, "{query}");
    }
}

#[test]
fn an_order_is_read_as_each_version_of_it() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let states = order_states(&tenant);
    for (number, state) in (1..).zip(&states) {
        let answer = tenant.admin.get(&format!("/orders/{}?version={number}", id(state))).send();
        assert_eq!(answer.expect(200), *state);
        assert_eq!(answer.header("etag"), Some(format!("\"{number}\"").as_str()));
    }
    for number in ["6", "4294967296", "18446744073709551615"] {
        let path = format!("/orders/{}?version={number}", id(&states[0]));
        let problem = tenant.admin.get(&path).send().problem(404, "not-found");
        assert!(problem["detail"].as_str().unwrap().contains("version 5"), "{problem}");
    }
}

#[test]
fn an_order_is_read_as_it_stood_at_a_time() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let states = order_states(&tenant);
    let read = |at: &str| tenant.admin.get(&format!("/orders/{}?at={at}", id(&states[0]))).send();
    let events = history(&tenant.admin, &states[0], 100);
    for event in &events {
        let at = event["at"].as_str().unwrap();
        // If two commits have the same time, the later one counts.
        let last = events.iter().rposition(|event| event["at"] == at).unwrap();
        let answer = read(at);
        assert_eq!(answer.expect(200), states[last], "{at}");
        assert_eq!(answer.header("etag"), Some(format!("\"{}\"", last + 1).as_str()));
    }
    let placed_at = states[0]["placedAt"].as_str().unwrap();
    assert_eq!(read(&placed_at.replace('Z', "-00:00")).expect(200), read(placed_at).expect(200));
    let problem = read("2020-01-01T00:00:00Z").problem(404, "not-found");
    assert!(problem["detail"].as_str().unwrap().contains("at that time"), "{problem}");
}

#[test]
fn a_point_in_time_keeps_its_rules() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let order = tenant.order();
    let placed_at = order["placedAt"].as_str().unwrap();
    let both = format!("version=1&at={placed_at}");
    for (query, pointer) in [
        ("version=0", "/version"),
        ("version=-1", "/version"),
        ("version=%2B1", "/version"),
        ("version=01", "/version"),
        ("version=one", "/version"),
        ("version=", "/version"),
        ("version=18446744073709551616", "/version"),
        ("at=yesterday", "/at"),
        ("at=2026-03-04", "/at"),
        ("at=2026-03-04T05:06:07", "/at"),
        ("at=2026-03-04T05:06Z", "/at"),
        ("at=2026-03-04%2005:06:07Z", "/at"),
        ("at=2026-03-04T05:06:07Z%5BUTC%5D", "/at"),
        ("at=2026-13-04T05:06:07Z", "/at"),
        ("at=1772600767", "/at"),
        ("at=", "/at"),
        ("at=2999-01-01T00:00:00Z", "/at"),
        (&both, "/at"),
        ("as_of=1", "/as_of"),
    ] {
        let path = format!("/orders/{}?{query}", id(&order));
        let problem = tenant.admin.get(&path).send().problem(422, "validation");
        assert_eq!(field(&problem), pointer, "{query}");
    }
    let path = format!("/orders/{}?at=2999-01-01T00:00:00Z", id(&order));
    let problem = tenant.admin.get(&path).send().problem(422, "validation");
    assert_eq!(problem["errors"][0]["rule"], "must not be in the future");
}

#[test]
fn a_history_and_the_past_are_open_to_the_customer_and_to_admins() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let lamp = tenant.admin.create_product("Desk lamp", 1250);
    let [mia, max] = ["Mia", "Max"].map(|name| tenant.member(&world.anonymous(), name));
    let order = mia.place_order(&lamp, 1);
    let placed_at = order["placedAt"].as_str().unwrap();
    let rests = ["/events", "/events?cursor=1", "?version=1", "?version=9", &format!("?at={placed_at}")];
    for rest in rests {
        let path = format!("/orders/{}{rest}", id(&order));
        let unknown = format!("/orders/ord_{}{rest}", "0".repeat(32));
        let refusal = |path: &str| {
            let mut problem = max.get(path).send().problem(404, "not-found");
            problem["requestId"].take();
            problem
        };
        assert_eq!(refusal(&path), refusal(&unknown), "{rest}: a hidden order must look like an unknown one");
        for client in [&**mia, &**tenant.admin] {
            let expected = if rest == "?version=9" { 404 } else { 200 };
            client.get(&path).send().expect(expected);
        }
    }
}
