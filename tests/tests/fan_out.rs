//! A tenant with many recipients, and messages that are slow.

use std::path::PathBuf;
use std::time::Duration;

use client::{eventually, items};
use serde_json::{Value, json};
use tests::{Tenant, World, workspace};

use crate::notifying::prefer;

/// The rows of the tenant's inboxes: notifications, and counters of unread ones.
fn inboxes(world: &World, tenant: &Tenant) -> (usize, Vec<u64>) {
    let prefix = format!("T#{}#inbox#", tenant.id);
    let rows = world.scan().into_iter().filter(|row| row["pk"]["S"].as_str().unwrap().starts_with(&prefix));
    let (counters, notifications): (Vec<Value>, Vec<Value>) =
        rows.partition(|row| row["sk"]["S"] == "unread");
    let unread = counters.iter().map(|row| row["count"]["N"].as_str().unwrap().parse().unwrap());
    (notifications.len(), unread.collect())
}

fn is_notified(tenant: &Tenant, order: &Value) -> bool {
    let list = tenant.admin.notifications();
    items(&list["items"]).iter().any(|notification| notification["orderId"] == order["id"])
}

/// A template in which `notify` has other settings.
fn with_notify(changes: &[(&str, &str)]) -> (tempfile::TempDir, PathBuf) {
    let template = std::fs::read_to_string(workspace::template()).unwrap();
    let (head, tail) = template.split_at(template.find("NotifyFunction:").unwrap());
    let changed = changes.iter().fold(tail.to_owned(), |tail, (old, new)| {
        assert!(tail.contains(old), "the template has no {old}");
        tail.replacen(old, new, 1)
    });
    let folder = tempfile::tempdir().unwrap();
    let path = workspace::write_template(folder.path(), &format!("{head}{changed}"));
    (folder, path)
}

/// Two messages are handled at a time, and the small tenant's one comes behind three of the large tenant. It waits for
/// pages, and not for all recipients of an event. The order of effects is what is asserted, and no time.
#[test]
fn a_tenant_with_2000_admins_delays_nobody_else_and_buries_nothing() {
    const ADMINS: usize = 2_000;
    const ORDERS: usize = 3;
    let (_folder, path) =
        with_notify(&[("BatchSize: 10", "BatchSize: 1"), ("MaximumConcurrency: 5", "MaximumConcurrency: 2")]);
    let world = World::start_with(|options| options.template = path);
    let [large, small] = ["acme", "globex"].map(|slug| world.tenant(slug));
    world.add_admins(&large, ADMINS);
    let orders = [(); ORDERS].map(|()| large.order());
    let second = small.order();
    world.wait_until_consumed();
    for order in &orders {
        large.admin.confirm(order).expect(200);
    }
    eventually("the fan-out has begun", || (inboxes(&world, &large).0 > 0).then_some(()));
    let second = small.admin.confirm(&second).expect(200);
    eventually("the small tenant is notified", || is_notified(&small, &second).then_some(()));
    let (notified, _) = inboxes(&world, &large);
    assert!(notified < ADMINS, "an event of the large tenant was done before: {notified} notifications");
    world.wait_until_consumed();
    let counters = vec![u64::try_from(ORDERS).unwrap(); ADMINS + 1];
    assert_eq!(inboxes(&world, &large), (ORDERS * (ADMINS + 1), counters));
    assert_eq!(world.messages_in("NotifyDeadLetterQueue"), 0);
}

/// All recipients want mails, so a second round follows the one in the app. An event that comes again repeats nothing.
#[test]
fn many_recipients_get_their_mails_once_after_the_notifications_in_the_app() {
    const ADMINS: usize = 120;
    let world = World::start();
    let tenant = world.tenant("acme");
    prefer(&tenant.admin, "orderConfirmed", true, true);
    let admins = world.add_admins(&tenant, ADMINS);
    world.copy_preferences(&tenant, &admins);
    tenant.settled_order();
    let mails =
        || world.cloud().mailbox().iter().filter(|mail| mail.subject.contains("is confirmed")).count();
    eventually("all mails", || (mails() == ADMINS + 1).then_some(()));
    world.publish_again();
    world.wait_until_consumed();
    assert_eq!((mails(), inboxes(&world, &tenant)), (ADMINS + 1, (ADMINS + 1, vec![1; ADMINS + 1])));
}

/// The function has six seconds, so each message has four. What is not done by then is done by another invocation.
#[test]
fn a_message_that_is_out_of_time_fails_alone() {
    const ADMINS: usize = 99;
    let (_folder, path) = with_notify(&[("Timeout: 30", "Timeout: 6")]);
    let world = World::start_with(|options| options.template = path);
    world.cloud().set_enabled("NotifyFunction", false).unwrap();
    let [slow, quick] = ["acme", "globex"].map(|slug| world.tenant(slug));
    world.add_admins(&slow, ADMINS);
    let orders = [&slow, &quick].map(|tenant| tenant.admin.confirm(&tenant.order()).expect(200));
    let bodies = eventually("both confirmations are published", || {
        let messages = world.cloud().services().messages("NotifyQueue").unwrap();
        let confirmations = messages.into_iter().map(|message| message.body);
        let bodies: Vec<String> = confirmations.filter(|body| body.contains("order.confirmed")).collect();
        (bodies.len() == 2).then_some(bodies)
    });
    let records: Value =
        bodies.iter().map(|body| json!({ "messageId": tenant_of(body), "body": body })).collect();
    let invoke = || {
        let answer = world.cloud().invoke("NotifyFunction", json!({ "Records": records }));
        world.block_on(answer).unwrap_or_else(|error| panic!("the batch failed whole: {error}"))
    };
    world.delay("GetItem", &format!("T#{}#", slow.id), Duration::from_millis(500));
    assert_eq!(invoke(), json!({ "batchItemFailures": [{ "itemIdentifier": slow.id }] }));
    assert!(is_notified(&quick, &orders[1]));
    world.clear_faults();
    eventually("the slow one is done, by as many invocations as it takes", || {
        (invoke() == json!({ "batchItemFailures": [] })).then_some(())
    });
    assert_eq!(inboxes(&world, &slow), (ADMINS + 1, vec![1; ADMINS + 1]));
    assert_eq!(world.messages_in("NotifyDeadLetterQueue"), 0);
}

/// A page that fails for now is repeated before the next one begins. A page that fails for good is buried, and the next
/// one begins all the same.
#[test]
fn the_next_page_begins_once_when_a_page_is_settled() {
    const ADMINS: usize = 120;
    let world = World::start();
    world.cloud().set_enabled("NotifyFunction", false).unwrap();
    let tenant = world.tenant("acme");
    let admins = world.add_admins(&tenant, ADMINS);
    let order = tenant.admin.confirm(&tenant.order()).expect(200);
    let published = eventually("the confirmation is published", || {
        let messages = world.cloud().services().messages("NotifyQueue").unwrap();
        messages.into_iter().find(|message| message.body.contains("order.confirmed"))
    });
    assert_eq!(published.group.as_deref(), Some(&*tenant.id), "the queue is fair by tenants");
    let event = published.body;
    let services = world.cloud().services();
    services.purge("NotifyQueue").unwrap();
    let invoke = || {
        let records = json!([{ "messageId": "m", "body": event }]);
        let answer = world.cloud().invoke("NotifyFunction", json!({ "Records": records }));
        world.block_on(answer).unwrap()["batchItemFailures"].as_array().unwrap().len()
    };
    let waiting = || (world.messages_in("NotifyQueue"), world.messages_in("NotifyDeadLetterQueue"));

    world.fail("TransactWriteItems", &format!("T#{}#inbox#{}", tenant.id, admins[0]));
    assert_eq!((invoke(), waiting()), (1, (0, 0)), "a transient failure");
    world.clear_faults();
    assert_eq!((invoke(), waiting()), (0, (1, 0)), "the page is done");
    let group = |queue: &str| services.messages(queue).unwrap()[0].group.clone();
    assert_eq!(group("NotifyQueue").as_deref(), Some(&*tenant.id), "the continuation keeps its group");
    services.purge("NotifyQueue").unwrap();

    world.spoil(&format!("T#{}#user#{}", tenant.id, admins[1]), "-");
    world.fail("SendMessage", "");
    assert_eq!((invoke(), waiting()), (1, (0, 0)), "neither the dead letter nor the continuation is sent");
    world.clear_faults();
    assert_eq!((invoke(), waiting()), (0, (1, 1)), "a permanent failure");
    assert_eq!(group("NotifyDeadLetterQueue").as_deref(), Some(&*tenant.id), "and so does a dead letter");
    world.cloud().set_enabled("NotifyFunction", true).unwrap();
    eventually("the rest is notified", || (waiting() == (0, 1)).then_some(()));
    assert_eq!(inboxes(&world, &tenant), (ADMINS + 1, vec![1; ADMINS + 1]));
    assert!(is_notified(&tenant, &order));
}

fn tenant_of(body: &str) -> Value {
    serde_json::from_str::<Value>(body).unwrap()["detail"]["tenant"].clone()
}
