//! The effects of committed events, without and with failures.

use std::time::Duration;

use client::{Request, eventually, id, items, stays};
use serde_json::{Value, json};
use tests::journey::notification_count;
use tests::world::MAIL_SENDER;
use tests::{Tenant, World};

/// How long tests watch that nothing more happens.
const A_WHILE: Duration = Duration::from_millis(500);
/// Short, so that retries come soon, but much longer than a consumer takes. Otherwise, slow messages would be retried
/// too often and become dead letters.
const VISIBILITY: Duration = Duration::from_secs(1);

#[test]
fn a_placed_order_reaches_the_list() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let order = tenant.order();
    let row = eventually("the dashboard lists the order", || {
        items(&tenant.admin.dashboard()["recentOrders"]).first().cloned()
    });
    assert_eq!((&row["id"], &row["status"]), (&order["id"], &json!("placed")));
    assert_eq!(tenant.admin.notifications(), json!({ "items": [] }));
}

#[test]
fn a_confirmation_reaches_list_notification_and_dashboard_once() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let order = tenant.settled_order();
    let settled = tenant.settled(&order);
    assert_eq!(notification_count(&settled), 1);
    stays("the settled dashboard", A_WHILE, || tenant.admin.dashboard() == settled);
}

#[test]
fn an_onboarding_sends_exactly_one_welcome_mail() {
    let world = World::start();
    for slug in ["acme", "globex"] {
        world.onboard(slug);
    }
    let mails = || world.cloud().mailbox();
    eventually("a mail for each admin", || (mails().len() >= 2).then_some(()));
    stays("the number of mails", A_WHILE, || mails().len() == 2);
    let mut recipients: Vec<String> = mails().into_iter().flat_map(|mail| mail.to).collect();
    recipients.sort_unstable();
    assert_eq!(recipients, ["ada@acme.example", "ada@globex.example"]);
    for mail in mails() {
        assert_eq!(mail.from, MAIL_SENDER);
        let slug = mail.to[0].trim_start_matches("ada@").trim_end_matches(".example").to_owned();
        for part in [&mail.text, &mail.html.expect("a part in HTML")] {
            assert!(part.contains(&slug) && !part.contains("Ada Admin"), "{part}");
        }
        assert!(!mail.subject.is_empty());
    }
}

/// The bus is unavailable while orders are confirmed, and the relay retries until it is back.
#[test]
fn events_outlast_an_outage_of_the_bus() {
    let world = World::start();
    let tenant = world.tenant("acme");
    world.fail("PutEvents", "");
    let orders: Vec<Value> = (0..3).map(|_| tenant.admin.confirm(&tenant.order()).expect(200)).collect();
    stays("the empty list", A_WHILE, || tenant.admin.dashboard()["recentOrders"] == json!([]));
    world.clear_faults();
    for order in &orders {
        tenant.settled(order);
    }
    stays("one notification for each order", A_WHILE, || {
        items(&tenant.admin.notifications()["items"]).len() == 3
    });
}

#[test]
fn events_that_come_twice_have_one_effect() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let order = tenant.settled_order();
    let settled = tenant.settled(&order);
    assert_eq!(settled["notifications"]["unread"], 1);
    wait_for_onboarding(&world);
    world.publish_again();
    world.wait_until_consumed();
    stays("the settled dashboard", A_WHILE, || tenant.admin.dashboard() == settled);
    assert_eq!(world.cloud().mailbox().len(), 1);
    assert_eq!(world.messages_in_all_queues(), 0);
}

fn unread(tenant: &Tenant) -> Value {
    tenant.admin.get("/notifications/unread").send().expect(200)["unread"].clone()
}

fn wait_for_onboarding(world: &World) {
    eventually("the welcome mail", || (world.cloud().mailbox().len() == 1).then_some(()));
    world.wait_until_consumed();
}

/// Three failures use up all attempts of one delivery. The message is then delivered again and applied.
#[test]
fn a_consumer_that_failed_is_called_again() {
    for (action, partition) in [("PutItem", "orders"), ("TransactWriteItems", "inbox#")] {
        let world = World::start();
        let tenant = world.tenant("acme");
        wait_for_onboarding(&world);
        world.cloud().services().override_visibility_timeout(VISIBILITY);
        world.fail_times(action, &format!("T#{}#{partition}", tenant.id), 3);
        let order = tenant.settled_order();
        assert_eq!((notification_count(&tenant.settled(&order)), unread(&tenant)), (1, json!(1)));
    }
}

#[test]
fn what_cannot_be_applied_ends_among_the_dead_letters() {
    let world = World::start();
    let tenant = world.tenant("acme");
    wait_for_onboarding(&world);
    world.cloud().services().override_visibility_timeout(VISIBILITY);
    world.cloud().services().override_max_receives(3);
    world.fail("TransactWriteItems", &format!("T#{}#inbox#", tenant.id));
    let order = tenant.admin.confirm(&tenant.order()).expect(200);
    eventually("a dead letter, and no other message", || {
        (world.messages_in("NotifyDeadLetterQueue") == 1 && world.messages_in_all_queues() == 1).then_some(())
    });
    let letters = world.bodies("NotifyDeadLetterQueue");
    let events: Vec<_> =
        letters.iter().map(|body| (&body["detail-type"], &body["detail"]["aggregate"]["id"])).collect();
    assert_eq!(events, [(&json!("order.confirmed"), &order["id"])]);
}

/// The relay publishes the event again, because it cannot know that the bus has accepted it.
#[test]
fn a_publication_whose_answer_was_lost_doubles_no_effect() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let order = tenant.order();
    eventually("the order is listed", || {
        (items(&tenant.admin.dashboard()["recentOrders"]).len() == 1).then_some(())
    });
    world.lose_answers("PutEvents", "");
    tenant.admin.confirm(&order).expect(200);
    eventually("the confirmation is published twice", || {
        (published(&world, "order.confirmed") >= 2).then_some(())
    });
    world.clear_faults();
    let settled = tenant.settled(&order);
    world.wait_until_consumed();
    assert_eq!((items(&settled["recentOrders"]).len(), notification_count(&settled)), (1, 1));
    stays("the settled dashboard", A_WHILE, || tenant.admin.dashboard() == settled);
}

fn published(world: &World, kind: &str) -> usize {
    let recent = world.cloud().services().recent_events();
    recent.iter().filter(|recent| recent.event["detail-type"] == kind).count()
}

/// The function retries the commit, finds that it was written, and responds with success.
#[test]
fn a_commit_whose_answer_was_lost_counts_once() {
    const TRANSACTION: &str = "TransactWriteItems";
    for (key, actions) in [(None, [TRANSACTION, "PutItem", "PutItem"]), (Some("k"), [TRANSACTION; 3])] {
        let world = World::start();
        let tenant = world.tenant("acme");
        let losing = |action: &str, partition: &str, request: Request<'_>| {
            world.lose_answer(action, &format!("T#{}#{partition}", tenant.id));
            let request =
                key.into_iter().fold(request, |request, key| request.header("idempotency-key", key));
            let answer = request.send();
            assert!(
                world.cloud().faults().active().is_empty(),
                "no {action} on {partition} lost its response"
            );
            answer
        };
        let body = json!({ "name": "Desk lamp", "price": { "amount": 1250, "currency": "EUR" } });
        let product = losing(actions[0], "product#", tenant.admin.post("/products", &body)).expect(201);
        let body = json!({ "lines": [{ "productId": product["id"], "quantity": 2 }] });
        let placed = losing(actions[1], "order#", tenant.admin.post("/orders", &body)).expect(201);
        assert_eq!((&placed["version"], &tenant.admin.order(&placed)), (&json!(1), &placed));
        let path = format!("/orders/{}/confirmation", id(&placed));
        let confirmed =
            losing(actions[2], "order#", tenant.admin.post_empty(&path).if_match(&placed)).expect(200);
        assert_eq!((&confirmed["version"], &tenant.admin.order(&placed)), (&json!(2), &confirmed));
        let settled = tenant.settled(&confirmed);
        world.wait_until_consumed();
        assert_eq!((items(&settled["recentOrders"]).len(), notification_count(&settled)), (1, 1));
        let kinds = ["product.created", "order.placed", "order.confirmed"];
        assert_eq!(kinds.map(|kind| published(&world, kind)), [1, 1, 1]);
    }
}

#[test]
fn events_of_many_orders_at_once_all_arrive() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let product = tenant.admin.create_product("Desk lamp", 1250);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..5 {
                    let order = tenant.admin.place_order(&product, 1);
                    tenant.admin.confirm(&order).expect(200);
                }
            });
        }
    });
    eventually("a notification for each of the orders", || {
        (items(&tenant.admin.get("/notifications?limit=50").send().expect(200)["items"]).len() == 20)
            .then_some(())
    });
    eventually("the newest orders are listed as confirmed", || {
        let dashboard = tenant.admin.dashboard();
        items(&dashboard["recentOrders"]).iter().all(|row| row["status"] == "confirmed").then_some(())
    });
}
