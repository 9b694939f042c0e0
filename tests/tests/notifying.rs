//! Notifications reach their recipients once, by the channels that the recipients chose for their kind.

use std::time::Duration;

use client::{Http, Member, eventually, id, items};
use serde_json::{Value, json};
use tests::{Tenant, World};

use tests::order_steps::cancel;

/// The recipients of a mail, and its subject and text.
type Mail = (String, String);

/// Onboards a tenant and waits until its admin has the welcome mail.
fn welcomed(world: &World) -> Tenant {
    let tenant = world.tenant("acme");
    eventually("the welcome mail", || (world.cloud().mailbox().len() == 1).then_some(()));
    world.wait_until_consumed();
    tenant
}

pub(crate) fn prefer(user: &Http, kind: &str, in_app: bool, email: bool) {
    let path = "/notifications/preferences";
    let known = user.get(path).send().expect(200);
    let mut body = json!({ "preferences": known["preferences"] });
    body["preferences"][kind] = json!({ "inApp": in_app, "email": email });
    user.put(path, &body).if_match(&known).send().expect(200);
}

/// All mails except the first one, which is the admin's welcome mail.
fn mails(world: &World) -> Vec<Mail> {
    let mails = world.cloud().mailbox().into_iter().skip(1);
    mails.map(|mail| (mail.to.join(","), format!("{}\n{}", mail.subject, mail.text))).collect()
}

fn unread(tenant: &Tenant) -> Value {
    tenant.admin.get("/notifications/unread").send().expect(200)["unread"].clone()
}

/// Places an order and waits until it is listed with this status and all its events are consumed.
fn listed_order(world: &World, tenant: &Tenant, status: &str) -> Value {
    let mut order = tenant.order();
    if status == "confirmed" {
        order = tenant.admin.confirm(&order).expect(200);
    }
    eventually("the row of the order", || {
        let dashboard = tenant.admin.dashboard();
        let row = items(&dashboard["recentOrders"]).first()?;
        (row["id"] == order["id"] && row["status"] == status).then_some(())
    });
    world.wait_until_consumed();
    order
}

#[test]
fn each_channel_is_used_when_it_is_chosen() {
    for (in_app, email) in [(true, false), (false, true), (true, true), (false, false)] {
        let world = World::start();
        let tenant = welcomed(&world);
        prefer(&tenant.admin, "orderConfirmed", in_app, email);
        let order = listed_order(&world, &tenant, "confirmed");
        for _ in 0..2 {
            let mails = mails(&world);
            assert_eq!(mails.len(), usize::from(email), "in the app {in_app}, by mail {email}");
            for (to, text) in mails {
                assert_eq!(to, tenant.email);
                assert!(text.contains(id(&order)) && !text.contains("Ada Admin"), "{text}");
            }
            assert_eq!(unread(&tenant), u64::from(in_app), "in the app {in_app}, by mail {email}");
            world.publish_again();
            world.wait_until_consumed();
        }
    }
}

#[test]
fn a_cancellation_is_notified_with_its_reason_by_its_own_preference() {
    let world = World::start();
    let tenant = welcomed(&world);
    prefer(&tenant.admin, "orderCancelled", true, true);
    let order = listed_order(&world, &tenant, "placed");
    cancel(&tenant.admin, &order, "Ordered twice").send().expect(200);
    eventually("the mail", || (mails(&world).len() == 1).then_some(()));
    world.publish_again();
    world.wait_until_consumed();
    let list = tenant.admin.notifications();
    let only = &list["items"][0];
    assert_eq!(
        list,
        json!({ "items": [{
            "id": only["id"], "kind": "orderCancelled", "orderId": order["id"], "reason": "Ordered twice",
            "createdAt": only["createdAt"],
        }] })
    );
    assert_eq!(unread(&tenant), 1);
    let mails = mails(&world);
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].0, tenant.email);
    // The words of people stand in the app alone.
    assert!(mails[0].1.contains(id(&order)) && !mails[0].1.contains("Ordered twice"), "{}", mails[0].1);
}

#[test]
fn a_new_user_is_welcomed_with_the_tenant_s_slug() {
    let world = World::start();
    let tenant = welcomed(&world);
    let member = tenant.member(&world.anonymous(), "Max");
    eventually("the second welcome", || (mails(&world).len() == 1).then_some(()));
    world.wait_until_consumed();
    world.publish_again();
    world.wait_until_consumed();
    let mails = mails(&world);
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].0, member.email);
    assert!(mails[0].1.contains(&tenant.slug), "{}", mails[0].1);
}

/// A member who has the welcome mail and wants to be notified of confirmed orders by mail only.
fn mailed_member(world: &World, tenant: &Tenant) -> Member {
    let member = tenant.member(&world.anonymous(), "Max");
    eventually("the second welcome", || (mails(world).len() == 1).then_some(()));
    prefer(&member, "orderConfirmed", false, true);
    member
}

#[test]
fn customer_and_admin_are_notified_by_their_own_preferences() {
    let world = World::start();
    let tenant = welcomed(&world);
    let member = mailed_member(&world, &tenant);
    let product = tenant.admin.create_product("Desk lamp", 1250);
    let order = tenant.admin.confirm(&member.place_order(&product, 1)).expect(200);
    tenant.settled(&order);
    world.wait_until_consumed();
    let mails = mails(&world);
    assert_eq!(mails.len(), 2);
    assert_eq!(mails[1].0, member.email);
    assert_eq!((unread(&tenant), member.notifications()), (json!(1), json!({ "items": [] })));
}

#[test]
fn a_deactivated_user_is_not_notified() {
    let world = World::start();
    let tenant = welcomed(&world);
    let member = mailed_member(&world, &tenant);
    let product = tenant.admin.create_product("Desk lamp", 1250);
    let orders = [0; 2].map(|_| member.place_order(&product, 1));
    for (order, mails_to_member) in [(&orders[0], 2), (&orders[1], 2)] {
        let confirmed = tenant.admin.confirm(order).expect(200);
        tenant.settled(&confirmed);
        world.wait_until_consumed();
        let mails = mails(&world);
        assert_eq!(mails.iter().filter(|(to, _)| *to == member.email).count(), mails_to_member);
        if order == &orders[0] {
            tenant.admin.deactivate(&tenant.admin.user(&member.id)).expect(200);
        }
    }
    assert_eq!(unread(&tenant), 2);
}

/// An admin and a member who want confirmations in the app and by mail, and an order of the member.
fn both_want_mail(world: &World) -> (Tenant, Member, Value) {
    let tenant = welcomed(world);
    let member = mailed_member(world, &tenant);
    for user in [&**tenant.admin, &**member] {
        prefer(user, "orderConfirmed", true, true);
    }
    let product = tenant.admin.create_product("Desk lamp", 1250);
    let order = member.place_order(&product, 1);
    (tenant, member, order)
}

/// A mail is in the mailbox after SES has responded. Before that, all in-app notifications are delivered.
#[test]
fn a_slow_mail_keeps_nobody_from_the_notification_in_the_app() {
    let world = World::start();
    let (tenant, member, order) = both_want_mail(&world);
    world.delay("SendEmail", "", Duration::from_secs(4));
    tenant.admin.confirm(&order).expect(200);
    for user in [&**tenant.admin, &**member] {
        eventually("the notification", || {
            let list = user.get("/notifications").send().expect(200);
            (list["items"][0]["orderId"] == order["id"]).then_some(())
        });
    }
    assert_eq!(mails(&world).len(), 1, "no mail may be sent before the notifications");
    eventually("both mails", || (mails(&world).len() == 3).then_some(()));
}

/// Sending always fails, so the message becomes a dead letter. The in-app notifications are still delivered once.
#[test]
fn mails_that_always_fail_keep_nobody_from_the_notification_in_the_app() {
    let world = World::start();
    let (tenant, member, order) = both_want_mail(&world);
    world.cloud().services().override_visibility_timeout(Duration::from_secs(1));
    world.cloud().services().override_max_receives(3);
    world.fail("SendEmail", "");
    tenant.admin.confirm(&order).expect(200);
    eventually("the dead letter", || (world.messages_in("NotifyDeadLetterQueue") == 1).then_some(()));
    for user in [&**tenant.admin, &**member] {
        let list = user.get("/notifications").send().expect(200);
        assert_eq!((items(&list["items"]).len(), &list["items"][0]["orderId"]), (1, &order["id"]));
    }
    assert_eq!(mails(&world).len(), 1);
}

/// The mail fails and the message is delivered again, but the in-app notification is not repeated.
#[test]
fn a_mail_that_failed_is_sent_later_and_doubles_nothing() {
    let world = World::start();
    let tenant = welcomed(&world);
    prefer(&tenant.admin, "orderConfirmed", true, true);
    world.cloud().services().override_visibility_timeout(Duration::from_secs(1));
    world.fail_times("SendEmail", "", 1);
    tenant.settled_order();
    eventually("the mail", || (mails(&world).len() == 1).then_some(()));
    world.wait_until_consumed();
    assert_eq!((mails(&world).len(), unread(&tenant)), (1, json!(1)));
}

#[test]
fn a_delivery_whose_answer_was_lost_counts_once() {
    let world = World::start();
    let tenant = welcomed(&world);
    world.lose_answer("TransactWriteItems", &format!("T#{}#inbox#", tenant.id));
    tenant.settled_order();
    world.wait_until_consumed();
    assert!(world.cloud().faults().active().is_empty(), "the fault must have been triggered");
    assert_eq!(unread(&tenant), 1);
}

#[test]
fn a_reading_whose_answer_was_lost_counts_once() {
    let world = World::start();
    let tenant = welcomed(&world);
    for _ in 0..3 {
        tenant.settled_order();
    }
    let inbox = format!("T#{}#inbox#", tenant.id);
    let newest = tenant.admin.notifications()["items"][0].clone();
    let of_one = format!("/notifications/{}/read", id(&newest));
    for (path, left) in [(of_one.as_str(), 2), ("/notifications/read", 0)] {
        world.lose_answer("TransactWriteItems", &inbox);
        let answer = tenant.admin.post_empty(path).send().expect(200);
        assert!(world.cloud().faults().active().is_empty(), "the fault must have been triggered");
        assert_eq!(unread(&tenant), left, "{answer}");
    }
}

#[test]
fn a_cancelled_order_s_customer_and_admins_are_notified_of_the_reason() {
    let world = World::start();
    let tenant = welcomed(&world);
    let member = tenant.member(&world.anonymous(), "Max");
    let product = tenant.admin.create_product("Desk lamp", 1250);
    let order = member.place_order(&product, 1);
    cancel(&member, &order, "Ordered twice").send().expect(200);
    for user in [&**tenant.admin, &**member] {
        let list = eventually("the notification", || {
            let list = user.get("/notifications").send().expect(200);
            (!items(&list["items"]).is_empty()).then_some(list)
        });
        let only = &list["items"][0];
        let expected = json!({ "items": [{
            "id": only["id"], "kind": "orderCancelled", "orderId": order["id"], "reason": "Ordered twice",
            "createdAt": only["createdAt"],
        }] });
        assert_eq!(list, expected);
    }
}
