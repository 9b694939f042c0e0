use client::{Admin, Http, eventually, id, items};
use serde_json::{Value, json};
use tests::{Tenant, World};

const PREFERENCES: &str = "/notifications/preferences";

fn unread(admin: &Admin) -> u64 {
    admin.get("/notifications/unread").send().expect(200)["unread"].as_u64().unwrap()
}

fn read(admin: &Admin, notification: &Value) -> Value {
    admin.post_empty(&format!("/notifications/{}/read", id(notification))).send().expect(200)
}

fn read_all(admin: &Admin) -> Value {
    admin.post_empty("/notifications/read").send().expect(200)
}

/// Confirms this many orders, and returns their notifications, newest first.
fn receive_notifications(tenant: &Tenant, count: usize) -> Vec<Value> {
    let product = tenant.admin.create_product("Desk lamp", 1250);
    for _ in 0..count {
        let order = tenant.admin.place_order(&product, 1);
        tenant.admin.confirm(&order).expect(200);
    }
    eventually("a notification for each order", || {
        let list = tenant.admin.notifications();
        (items(&list["items"]).len() == count).then(|| items(&list["items"]).to_vec())
    })
}

#[test]
fn there_is_none_at_first() {
    let world = World::start();
    let admin = world.tenant("acme").admin;
    assert_eq!(admin.notifications(), json!({ "items": [] }));
    assert_eq!(admin.get("/notifications/unread").send().expect(200), json!({ "unread": 0 }));
    assert_eq!(read_all(&admin), json!({ "read": 0 }));
}

#[test]
fn a_confirmed_order_notifies_its_customer_once() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let order = tenant.settled_order();
    let list = tenant.admin.notifications();
    let only = &list["items"][0];
    assert!(only["id"].as_str().unwrap().starts_with("ntf_"));
    assert_eq!(
        list,
        json!({ "items": [{
            "id": only["id"], "kind": "orderConfirmed", "orderId": order["id"], "createdAt": only["createdAt"],
        }] })
    );
}

#[test]
fn pages_join_to_the_whole_list() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let whole = receive_notifications(&tenant, 3);
    let first = tenant.admin.get("/notifications?limit=2").send().expect(200);
    let cursor = first["nextCursor"].as_str().expect("a cursor to the next page");
    let second = tenant.admin.get(&format!("/notifications?limit=2&cursor={cursor}")).send().expect(200);
    assert_eq!(second.get("nextCursor"), None);
    let joined: Vec<Value> =
        [&first, &second].into_iter().flat_map(|page| items(&page["items"]).to_vec()).collect();
    assert_eq!(joined, whole);
}

#[test]
fn a_cursor_is_a_whole_id_of_a_notification() {
    let world = World::start();
    let admin = world.tenant("acme").admin;
    let digits = "0".repeat(32);
    let good = format!("ntf_{digits}");
    for cursor in
        ["", "ntf_", &digits, &good[..good.len() - 1], &format!("{good}0"), &format!("ord_{digits}")]
    {
        let path = format!("/notifications?cursor={cursor}");
        let problem = admin.get(&path).send().problem(422, "validation");
        assert_eq!(problem["errors"][0]["field"], "/cursor", "{cursor}");
    }
    assert_eq!(
        admin.get(&format!("/notifications?cursor={good}")).send().expect(200),
        json!({ "items": [] })
    );
}

/// A cursor is only a point in time, which selects the older ones of the caller's own notifications.
#[test]
fn another_user_s_cursor_opens_nothing_of_theirs() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let member = tenant.member(&world.anonymous(), "Max");
    let product = tenant.admin.create_product("Desk lamp", 1250);
    let listed = |client: &Http, count: usize| {
        eventually("the expected number of notifications", || {
            let list = client.get("/notifications").send().expect(200);
            (items(&list["items"]).len() == count).then(|| items(&list["items"]).to_vec())
        })
    };
    for client in [&**tenant.admin, &**member, &**tenant.admin] {
        let body = json!({ "lines": [{ "productId": product["id"], "quantity": 1 }] });
        let order = client.post("/orders", &body).send().expect(201);
        tenant.admin.confirm(&order).expect(200);
    }
    let of_admin = listed(&tenant.admin, 3);
    let of_member = listed(&member, 1);
    let behind = |client: &Http, cursor: &Value| {
        let path = format!("/notifications?cursor={}", id(cursor));
        client.get(&path).send().expect(200)
    };
    assert_eq!(behind(&member, &of_admin[0]), json!({ "items": of_member }));
    assert_eq!(behind(&member, &of_admin[2]), json!({ "items": [] }));
    assert_eq!(behind(&tenant.admin, &of_member[0])["items"].as_array().unwrap().last(), of_admin.last());
}

#[test]
fn a_notification_is_read_once_and_stays_read() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let [newest, other]: [Value; 2] = receive_notifications(&tenant, 2).try_into().unwrap();
    assert_eq!(unread(&tenant.admin), 2);
    let mut shown = read(&tenant.admin, &newest);
    assert_eq!(unread(&tenant.admin), 1);
    assert_eq!(read(&tenant.admin, &newest), shown, "read again");
    assert_eq!(unread(&tenant.admin), 1);
    assert_eq!(tenant.admin.notifications(), json!({ "items": [shown, other] }));
    assert!(shown["readAt"].take().is_string());
    shown.as_object_mut().unwrap().remove("readAt");
    assert_eq!(shown, newest);
}

#[test]
fn another_user_s_notification_is_not_found() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let member = tenant.member(&world.anonymous(), "Max");
    let notifications = receive_notifications(&tenant, 1);
    let path = format!("/notifications/{}/read", id(&notifications[0]));
    member.post_empty(&path).send().problem(404, "not-found");
    assert_eq!(member.post_empty("/notifications/read").send().expect(200), json!({ "read": 0 }));
    assert_eq!(tenant.admin.notifications(), json!({ "items": notifications }));
    assert_eq!(unread(&tenant.admin), 1);
}

#[test]
fn all_are_read_at_once() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let notifications = receive_notifications(&tenant, 3);
    let middle = read(&tenant.admin, &notifications[1]);
    assert_eq!(read_all(&tenant.admin), json!({ "read": 2 }));
    assert_eq!(unread(&tenant.admin), 0);
    let list = tenant.admin.notifications();
    assert!(items(&list["items"]).iter().all(|one| one["readAt"].is_string()), "{list}");
    assert_eq!(list["items"][1], middle);
    assert_eq!(read_all(&tenant.admin), json!({ "read": 0 }));
}

#[test]
fn repeated_idempotency_keys_read_once() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let order = tenant.settled_order();
    tenant.settled(&order);
    let of_one = format!("/notifications/{}/read", id(&tenant.admin.notifications()["items"][0]));
    for (path, answer) in [(of_one.as_str(), None), ("/notifications/read", Some(json!({ "read": 0 })))] {
        let keyed = || tenant.admin.post_empty(path).header("idempotency-key", "k").send();
        let first = keyed();
        assert_eq!(first.header("idempotency-replayed"), None);
        assert!(answer.is_none_or(|answer| first.expect(200) == answer));
        let before = unread(&tenant.admin);
        tenant.settled_order();
        let again = keyed();
        assert_eq!(
            (again.header("idempotency-replayed"), again.expect(200)),
            (Some("true"), first.expect(200))
        );
        assert_eq!(unread(&tenant.admin), before + 1, "a repetition must mark nothing more as read");
        read_all(&tenant.admin);
    }
}

/// Several processes mark the same notifications as read while others arrive.
#[test]
fn readings_at_the_same_moment_leave_the_counter_right() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let notifications = receive_notifications(&tenant, 12);
    let product = tenant.admin.create_product("Desk lamp", 1250);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| notifications.iter().for_each(|one| drop(read(&tenant.admin, one))));
            // The status is not checked: the request may be refused after too many conflicts.
            scope.spawn(|| tenant.admin.post_empty("/notifications/read").send());
        }
        scope.spawn(|| {
            for _ in 0..6 {
                let order = tenant.admin.place_order(&product, 1);
                tenant.admin.confirm(&order).expect(200);
            }
        });
    });
    let left = eventually("all 18 notifications have arrived", || {
        let list = tenant.admin.notifications();
        let items = items(&list["items"]);
        let unread = items.iter().filter(|one| one["readAt"].is_null()).count();
        (items.len() == 18).then_some(unread)
    });
    assert_eq!(unread(&tenant.admin), left as u64);
    assert_eq!(read_all(&tenant.admin), json!({ "read": left }));
    assert_eq!(unread(&tenant.admin), 0);
}

#[test]
fn preferences_have_defaults_and_are_replaced_as_a_whole() {
    let world = World::start();
    let admin = world.tenant("acme").admin;
    let preferences = |email: bool| {
        json!({
            "orderConfirmed": { "inApp": true, "email": false },
            "orderCancelled": { "inApp": true, "email": email },
            "commentPosted": { "inApp": true, "email": false },
        })
    };
    let defaults = admin.get(PREFERENCES).send();
    assert_eq!(defaults.expect(200), json!({ "preferences": preferences(false), "version": 0 }));
    assert_eq!(defaults.header("etag"), Some("\"0\""));
    let body = json!({ "preferences": preferences(true) });
    let replaced = admin.put(PREFERENCES, &body).header("if-match", "\"0\"").send();
    assert_eq!(replaced.expect(200), json!({ "preferences": preferences(true), "version": 1 }));
    let chosen = admin.get(PREFERENCES).send();
    assert_eq!((chosen.header("etag"), replaced.header("etag")), (Some("\"1\""), Some("\"1\"")));
    assert_eq!(chosen.expect(200), replaced.expect(200));
    let again = admin.put(PREFERENCES, &body).if_match(&chosen.json()).send();
    assert_eq!(again.expect(200)["version"], 2);
}

#[test]
fn of_simultaneous_replacements_one_wins() {
    let world = World::start();
    let admin = world.tenant("acme").admin;
    let known = admin.get(PREFERENCES).send().expect(200);
    let replace = |email: bool| {
        let channels = json!({ "inApp": true, "email": email });
        let kinds =
            json!({ "orderConfirmed": channels, "orderCancelled": channels, "commentPosted": channels });
        let body = json!({ "preferences": kinds });
        admin.put(PREFERENCES, &body).if_match(&known).send()
    };
    let answers = std::thread::scope(|scope| {
        let sent = [false, true, false, true].map(|email| scope.spawn(move || replace(email)));
        sent.map(|answer| answer.join().unwrap())
    });
    let won: Vec<Value> =
        answers.iter().filter(|answer| answer.status == 200).map(|answer| answer.json()).collect();
    assert_eq!(won.len(), 1);
    assert_eq!(admin.get(PREFERENCES).send().expect(200), won[0]);
    for lost in answers.iter().filter(|answer| answer.status != 200) {
        assert!(matches!(lost.status, 409 | 412), "{}", lost.text());
    }
}
