//! From a commit to all that follows from it.

use std::time::Duration;

use serde_json::{Value, json};
use tests::World;
use tests::journey::{items, told};
use tests::world::MAIL_SENDER;
use tests::{eventually, stays};

/// How long to watch that something does not happen a second time.
const A_WHILE: Duration = Duration::from_millis(500);
/// After which a delivery comes again: much longer than a consumer takes, else what is slow is buried as well.
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
    assert_eq!(told(&settled), 1);
    stays("the settled dashboard", A_WHILE, || tenant.admin.dashboard() == settled);
}

#[test]
fn an_onboarding_sends_exactly_one_welcome_mail() {
    let world = World::start();
    for slug in ["acme", "globex"] {
        world.operator().onboard(slug);
    }
    let mails = || world.cloud().mailbox();
    eventually("a mail for each admin", || (mails().len() >= 2).then_some(()));
    stays("the number of mails", A_WHILE, || mails().len() == 2);
    let mut recipients: Vec<String> = mails().into_iter().flat_map(|mail| mail.to).collect();
    recipients.sort_unstable();
    assert_eq!(recipients, ["ada@acme.example", "ada@globex.example"]);
    for mail in mails() {
        assert_eq!(mail.from, MAIL_SENDER);
        assert!(mail.text.contains("Ada Admin"), "{}", mail.text);
        assert!(!mail.subject.is_empty());
    }
}

/// The bus is down while orders are confirmed: the relay tries until it is back, and nothing is lost.
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
    stays("one notification an order", A_WHILE, || items(&tenant.admin.notifications()["items"]).len() == 3);
}

#[test]
fn events_that_come_twice_have_one_effect() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let order = tenant.settled_order();
    let settled = tenant.settled(&order);
    onboarding_is_done(&world);
    world.publish_again();
    all_is_consumed(&world);
    stays("the settled dashboard", A_WHILE, || tenant.admin.dashboard() == settled);
    assert_eq!(world.cloud().mailbox().len(), 1);
    assert_eq!(world.waiting(), 0);
}

fn all_is_consumed(world: &World) {
    eventually("no queue holds a message", || (world.waiting() == 0).then_some(()));
}

fn onboarding_is_done(world: &World) {
    eventually("the welcome mail", || (world.cloud().mailbox().len() == 1).then_some(()));
    all_is_consumed(world);
}

/// Three failures are all attempts of one delivery: the message comes back and is then applied.
#[test]
fn a_consumer_that_failed_is_called_again() {
    for partition in ["orders", "inbox#"] {
        let world = World::start();
        let tenant = world.tenant("acme");
        onboarding_is_done(&world);
        world.cloud().services().override_visibility_timeout(VISIBILITY);
        world.fail_times("PutItem", &format!("T#{}#{partition}", tenant.id), 3);
        tenant.settled_order();
        assert_eq!(told(&tenant.admin.dashboard()), 1);
    }
}

#[test]
fn what_cannot_be_applied_ends_among_the_dead_letters() {
    let world = World::start();
    let tenant = world.tenant("acme");
    onboarding_is_done(&world);
    world.cloud().services().override_visibility_timeout(VISIBILITY);
    world.fail("PutItem", &format!("T#{}#inbox#", tenant.id));
    let order = tenant.admin.confirm(&tenant.order()).expect(200);
    eventually("a dead letter, and no other message", || {
        (world.waiting_in("NotifyDeadLetterQueue") == 1 && world.waiting() == 1).then_some(())
    });
    let letters = world.bodies("NotifyDeadLetterQueue");
    let told: Vec<_> =
        letters.iter().map(|body| (&body["detail-type"], &body["detail"]["aggregate"]["id"])).collect();
    assert_eq!(told, [(&json!("order.confirmed"), &order["id"])]);
}

/// An answer that comes too late makes the relay send again what was perhaps published.
#[test]
fn a_slow_bus_doubles_no_effect() {
    let world = World::start();
    let tenant = world.tenant("acme");
    world.delay("PutEvents", "", Duration::from_millis(800));
    let order = tenant.admin.confirm(&tenant.order()).expect(200);
    stays("the list", A_WHILE, || tenant.admin.order(&order)["version"] == 2);
    world.clear_faults();
    let settled = tenant.settled(&order);
    stays("the settled dashboard", A_WHILE, || tenant.admin.dashboard() == settled);
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
