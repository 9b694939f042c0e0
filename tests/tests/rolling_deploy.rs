//! A deploy in which versions of the relay and of the consumers run side by side with a newer writer.
//!
//! The older version does not know `order.cancelled`, and no products. What it cannot handle waits for the newer one,
//! and nothing is lost, buried or done twice.

use std::collections::BTreeMap;
use std::path::Path;

use client::{eventually, items};
use cloud::{Backend, Storage};
use serde_json::{Value, json};
use tests::binaries::{ensure_older_binaries, link_functions};
use tests::{Tenant, World};

use tests::story::Story;

const RELAY: &str = "relay_events";
const CONSUMERS: [&str; 10] = [
    "follow_comments",
    "notify",
    "project_orders",
    "project_posts",
    "publish_posts",
    "purge_plugins",
    "record_audit",
    "register_tenants",
    "retag_posts",
    "send_links",
];

/// A consumer that has no older version would be missing in these tests.
#[test]
fn every_consumer_has_an_older_version() {
    let mut consumers: Vec<&str> =
        World::consumers().iter().map(|consumer| consumer.binary.as_str()).collect();
    consumers.sort_unstable();
    assert_eq!(consumers, CONSUMERS, "the template's consumers on the left; see tests/older");
}

/// Starts the backend on the data, with these functions in their older version.
fn start(data: &Path, older: &[&str]) -> (World, tempfile::TempDir) {
    let binaries = tempfile::tempdir().unwrap();
    link_functions(binaries.path(), |name| older.contains(&name).then(|| format!("older_{name}")));
    let world = World::start_with(|options| {
        options.storage = Storage::Directory(data.to_owned());
        options.backend = Backend::Binaries { directory: binaries.path().to_owned() };
    });
    (world, binaries)
}

fn tell(world: &World, tenant: &Tenant) {
    Story::of(world, tenant).tell();
}

/// The number of committed events of the tenant by type.
fn committed(world: &World, tenant: &Tenant) -> BTreeMap<String, usize> {
    let prefix = format!("T#{}#", tenant.id);
    let of_tenant = |item: &Value| item["pk"]["S"].as_str().unwrap().starts_with(&prefix);
    let commits = world.scan().into_iter().filter(of_tenant);
    let commits = commits.filter_map(|item| serde_json::from_str(item["commit"]["S"].as_str()?).ok());
    let events = commits.flat_map(|commit: Value| commit["events"].as_array().cloned().unwrap_or_default());
    // Nobody closes usage, so it is in no audit.
    count(events.filter(|event| event["type"] != "usage.closed"), "type")
}

fn audited(tenant: &Tenant) -> BTreeMap<String, usize> {
    let page = tenant.admin.get("/audit?limit=100").send().expect(200);
    count(items(&page["items"]).iter().cloned(), "kind")
}

fn count(values: impl Iterator<Item = Value>, key: &str) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for value in values {
        *counts.entry(value[key].as_str().unwrap().to_owned()).or_default() += 1;
    }
    counts
}

/// All of the story's effects, each once.
fn assert_whole(world: &World, tenant: &Tenant) {
    // The queues are empty as well before the last event is relayed.
    eventually("all events are recorded", || {
        (audited(tenant) == committed(world, tenant)).then(|| world.wait_until_consumed())
    });
    assert_eq!(audited(tenant), committed(world, tenant), "{}", tenant.slug);
    let orders = tenant.admin.get("/orders").send().expect(200);
    assert_eq!(items(&orders["items"])[0]["status"], "cancelled");
    let inbox = tenant.admin.notifications();
    let mut kinds: Vec<&Value> =
        items(&inbox["items"]).iter().map(|notification| &notification["kind"]).collect();
    kinds.sort_by_key(|kind| kind.to_string());
    // The comment is spam as soon as it is approved, and whoever hears of it then tells nobody.
    kinds.retain(|kind| **kind != "commentPosted");
    assert_eq!(kinds, ["orderCancelled", "orderConfirmed"], "{}", tenant.slug);
}

/// What the older version can handle is handled, and the rest waits in the queues.
fn assert_waiting(world: &World, tenant: &Tenant) {
    let mut known = committed(world, tenant);
    let unknown: usize = known.iter().filter(|(name, _)| is_unknown(name)).map(|(_, count)| count).sum();
    known.retain(|name, _| !is_unknown(name));
    eventually("all known events are recorded", || (audited(tenant) == known).then_some(()));
    eventually("the unknown ones wait", || {
        (world.messages_in("RecordAuditQueue") == u64::try_from(unknown).unwrap()).then_some(())
    });
    assert!(world.messages_in("NotifyQueue") > 0 && world.messages_in("ProjectOrdersQueue") > 0);
    for consumer in ["Notify", "ProjectOrders", "RecordAudit"] {
        assert_eq!(world.messages_in(&format!("{consumer}DeadLetterQueue")), 0);
    }
    assert_eq!(world.messages_in("RelayDeadLetterQueue"), 0);
}

/// The older version knows the placing of the order, and finds the cancellation in the log.
fn assert_a_newer_order_waits(world: &World) {
    let placed = eventually("the placing is published", || {
        let messages = world.cloud().services().messages("ProjectOrdersQueue").unwrap();
        messages.into_iter().map(|message| message.body).find(|body| body.contains("order.placed"))
    });
    let records = json!([{ "messageId": "m", "body": placed }]);
    let answer = world.cloud().invoke("ProjectOrdersFunction", json!({ "Records": records }));
    let answer = world.block_on(answer).unwrap();
    assert_eq!(answer, json!({ "batchItemFailures": [{ "itemIdentifier": "m" }] }));
    assert_eq!(world.messages_in("ProjectOrdersDeadLetterQueue"), 0);
}

fn is_unknown(name: &str) -> bool {
    name == "order.cancelled" || name.starts_with("product.")
}

/// The newer version, then the older one beside a newer writer, as after a rollback of some functions, then the newer
/// one again.
fn roll(older: &[&str]) {
    let data = tempfile::tempdir().unwrap();
    let (world, _binaries) = start(data.path(), &[]);
    let before = world.tenant("acme");
    tell(&world, &before);
    assert_whole(&world, &before);
    drop(world);

    let (world, _binaries) = start(data.path(), older);
    let during = world.tenant("globex");
    world.cloud().set_enabled("ProjectOrdersFunction", false).unwrap();
    tell(&world, &during);
    if older.contains(&"project_orders") {
        assert_a_newer_order_waits(&world);
    }
    world.cloud().set_enabled("ProjectOrdersFunction", true).unwrap();
    if older.contains(&"record_audit") {
        assert_waiting(&world, &during);
    } else {
        assert_whole(&world, &during);
    }
    drop(world);

    let (world, _binaries) = start(data.path(), &[]);
    for tenant in [before, during] {
        assert_whole(&world, &tenant.at(&world.anonymous()));
    }
}

#[test]
fn an_older_relay_passes_on_what_it_does_not_know() {
    ensure_older_binaries();
    roll(&[RELAY]);
}

#[test]
fn older_consumers_leave_what_they_do_not_know_to_the_newer_ones() {
    ensure_older_binaries();
    roll(&CONSUMERS);
}

#[test]
fn an_older_relay_and_older_consumers_lose_and_bury_nothing() {
    ensure_older_binaries();
    roll(&[&[RELAY][..], &CONSUMERS].concat());
}
