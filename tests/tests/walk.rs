//! The walk over a tenant finds all of it, and what it finds names people where they may be named alone.

use std::collections::BTreeSet;

use client::{eventually, id};
use cloud::Authorization;
use platform::table::Walk;
use platform::testing::{Table, keys_of, namespaces};
use serde_json::{Value, json};
use tests::comment_steps::{comment_on, set_comments};
use tests::journey::PASSWORD;
use tests::post_steps::{publish, write};
use tests::wire::OF_A_TEST;
use tests::{Tenant, World};

/// More rows than a page of the walk has.
const PRODUCTS: usize = 105;

/// The keys of all rows that a walk finds. Between two pages it is a text, as in a message.
async fn walked(world: &World, tenant: &Tenant) -> Vec<(String, String)> {
    let table = world.tenant_table(OF_A_TEST, Table::new);
    let scope = table.scope_of(tenant.id.parse().unwrap());
    let (mut found, mut walk) = (Vec::new(), Walk::default());
    while let Some(step) = scope.walk(walk).await.unwrap() {
        found.extend(step.rows.iter().map(keys_of));
        walk = serde_json::from_str(&serde_json::to_string(&step.next).unwrap()).unwrap();
    }
    found
}

/// Something of every kind that a tenant can have.
fn fill(world: &World, tenant: &Tenant) {
    set_comments(&tenant.admin, true, &json!({ "premoderation": false }));
    world.plant_tag(tenant, "old", "Old");
    tenant.admin.patch("/tags/old", &json!({ "name": "New" })).send().expect(202);
    let member = tenant.member(&world.anonymous(), "Max Member");
    let products: Vec<Value> =
        (0..PRODUCTS).map(|number| tenant.admin.create_product(&format!("Product {number}"), 1250)).collect();
    let everything = json!({ "inApp": true, "email": true });
    let chosen = json!({
        "preferences": { "orderConfirmed": everything, "orderCancelled": everything, "commentPosted": everything },
    });
    member.put("/notifications/preferences", &chosen).header("if-match", "\"0\"").send().expect(200);
    let line = json!({ "lines": [{ "productId": products[0]["id"], "quantity": 2 }] });
    let order = member.post("/orders", &line).header("idempotency-key", "order").send().expect(201);
    tenant.admin.confirm(&order).expect(200);
    tenant.admin.place_order(&products[1], 1);
    let gone = tenant.admin.register("Gone Member", &tenant.address("Gone Member"), "member", PASSWORD);
    tenant.admin.deactivate(&gone.expect(201)).expect(200);
    tenant.invite("Ida", &tenant.address("Ida"), &["member"]);
    tenant.admin.change_password("a wrong password", PASSWORD).problem(422, "validation");
    let session = world.anonymous().log_in(&tenant.slug, &tenant.email, PASSWORD).expect(201);
    let token = json!({ "refreshToken": session["refreshToken"] });
    world.anonymous().post("/sessions/end", &token).send().expect(204);
    for email in [tenant.email.as_str(), "nobody@nowhere.example"] {
        world.ask_for_reset(&tenant.slug, email).expect(202);
    }
    let post = write(&tenant.admin, "What we have learned", &json!({ "tags": ["News"] })).send().expect(201);
    let post = publish(&tenant.admin, &post).send().expect(200);
    comment_on(&member, &post, "Well said.").send().expect(201);
    eventually("the member is notified, also by mail", || {
        let mailed = world.cloud().mailbox().iter().any(|mail| mail.subject.contains(id(&order)));
        let listed = member.notifications()["items"].as_array().is_some_and(|items| !items.is_empty());
        (mailed && listed).then_some(())
    });
    let failure = json!({
        "at": "2026-11-28T12:00:00Z", "consumer": "follow-comments", "isFinal": true, "type": "post.deleted",
        "event": "evt_0190b5b4a3b27c10b5a58d0a3b8a1c2d", "reason": "an item cannot be read",
    });
    world.put_row(&json!({
        "pk": { "S": format!("T#{}#failures", tenant.id) }, "sk": { "S": "comments" },
        "version": { "N": "1" }, "doc": { "S": failure.to_string() },
    }));
    world.close_usage(&tenant.id);
}

/// All items, once every event has reached its consumers: the audit has a row for each, and no queue has a message.
pub(crate) fn settled_items(world: &World) -> Vec<Value> {
    let text = |item: &Value, name: &str| item[name]["S"].as_str().unwrap_or_default().to_owned();
    eventually("every event is consumed", || {
        let items = world.scan();
        let commits = items.iter().filter(|item| item.get("commit").is_some());
        let events = commits
            .map(|item| serde_json::from_str::<Value>(&text(item, "commit")).unwrap())
            .flat_map(|commit| commit["events"].as_array().cloned().unwrap_or_default())
            // Nobody closes usage, so it is in no audit.
            .filter(|event| event["type"] != "usage.closed")
            .count();
        let recorded = items.iter().filter(|item| text(item, "pk").ends_with("#audit")).count();
        (events == recorded && world.messages_in_all_queues() == 0).then(|| world.scan())
    })
}

#[test]
fn a_walk_finds_what_a_scan_finds() {
    // The walk is a function's of operators, and no role has its rights yet.
    let world = World::start_with(|options| options.authorization = Authorization::Open);
    let tenants = ["acme", "globex"].map(|slug| world.tenant(slug));
    for tenant in &tenants {
        fill(&world, tenant);
    }
    let items = settled_items(&world);
    for tenant in &tenants {
        let found = world.block_on(walked(&world, tenant));
        let prefix = format!("T#{}#", tenant.id);
        let text = |item: &Value, name: &str| item[name]["S"].as_str().unwrap().to_owned();
        let keys = items.iter().map(|item| (text(item, "pk"), text(item, "sk")));
        let scanned: BTreeSet<(String, String)> = keys.filter(|(pk, _)| pk.starts_with(&prefix)).collect();
        let distinct: BTreeSet<(String, String)> = found.iter().cloned().collect();
        assert_eq!(distinct, scanned, "the walk on the left, the Scan on the right");
        assert_eq!(found.len(), distinct.len(), "a row was found twice");
        // The tenant is full: else the walk could leave out what nobody has.
        let namespaces: BTreeSet<String> = namespaces().collect();
        let filled: BTreeSet<String> = distinct
            .iter()
            .map(|(pk, _)| match pk.strip_prefix(&prefix).unwrap().split_once('#') {
                Some((name, _)) => format!("{name}#"),
                None => pk.strip_prefix(&prefix).unwrap().to_owned(),
            })
            .collect();
        assert_eq!(filled, namespaces, "what the tenant has on the left, all namespaces on the right");
    }
}

#[test]
fn receipts_of_users_hold_ids_alone() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let (name, email) = ("Wilhelmina Nobody", "wilhelmina@acme.example");
    let new = json!({ "name": name, "email": email, "roles": ["member"], "password": PASSWORD });
    let register = || tenant.admin.post("/users", &new).header("idempotency-key", "one").send();
    let first = register();
    let user = first.expect(201);
    let deactivate = || {
        let path = format!("/users/{}/deactivation", id(&user));
        tenant.admin.post_empty(&path).if_match(&user).header("idempotency-key", "two").send()
    };
    let gone = deactivate().expect(200);
    let receipts: Vec<String> = world
        .scan()
        .iter()
        .filter(|item| item["pk"]["S"].as_str().unwrap().contains("#idempotency#"))
        .map(Value::to_string)
        .collect();
    assert_eq!(receipts.len(), 2);
    for receipt in &receipts {
        assert!(receipt.contains(id(&user)), "{receipt}");
        assert!(!receipt.contains(name) && !receipt.contains(email), "{receipt}");
    }
    // A repetition reads the user again, and answers how the user is now.
    let again = register();
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert_eq!(again.header("location"), first.header("location"));
    assert_eq!(again.expect(201), gone);
    let again = deactivate();
    assert_eq!((again.header("idempotency-replayed"), again.expect(200)), (Some("true"), gone));
}
