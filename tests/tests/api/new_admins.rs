//! Operators add admins to tenants that are there.

use client::{Http, Response, eventually, items};
use serde_json::{Value, json};
use tests::World;
use tests::journey::PASSWORD;

const OPERATOR: &str = "arn:aws:iam::123456789012:user/local/operator";
/// Nothing else in a world has it.
const SECRET: &str = "a most secret canary 4711";
const GRACE: &str = "grace@acme.example";

fn grace() -> Value {
    json!({ "name": "Grace Admin", "email": GRACE, "password": SECRET })
}

fn path(tenant: &str) -> String {
    format!("/tenants/{tenant}/admins")
}

fn add(world: &World, tenant: &str) -> Response {
    world.operator().post(&path(tenant), &grace()).send()
}

fn keyed(world: &World, tenant: &str, key: &str, body: &Value) -> Response {
    world.operator().post(&path(tenant), body).header("idempotency-key", key).send()
}

fn users(world: &World, tenant: &str) -> Value {
    world.operator().get(&format!("/tenants/{tenant}")).send().expect(200)["counts"]["users"].clone()
}

fn operations(world: &World) -> Vec<Value> {
    items(&world.operator().get("/operators/audit").send().expect(200)["items"]).to_vec()
}

#[test]
fn a_new_admin_signs_in_and_manages_users() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let added = add(&world, &tenant.id).expect(201);
    assert_eq!(
        added,
        json!({
            "id": added["id"], "name": "Grace Admin", "email": GRACE, "roles": ["admin"], "isOwner": false,
            "status": "active", "createdAt": added["createdAt"], "tenantId": tenant.id, "version": 1,
        })
    );
    assert_eq!(users(&world, &tenant.id), 2);
    let session = world.anonymous().log_in("acme", GRACE, SECRET).expect(201);
    let grace = world.anonymous().bearing(session["accessToken"].as_str().unwrap());
    assert_eq!(grace.me(), added);
    // She manages users, and has no power over the owner.
    let member = tenant.member(&world.anonymous(), "Max Member").me();
    grace.deactivate(&member).expect(200);
    let owner = grace.get(&format!("/users/{}", tenant.admin_id)).send().expect(200);
    grace.deactivate(&owner).problem(403, "forbidden");
    assert_eq!(users(&world, &tenant.id), 2);
}

#[test]
fn a_taken_address_and_an_unknown_tenant_are_refused_and_leave_nothing() {
    let world = World::start();
    let [tenant, other] = ["acme", "globex"].map(|slug| world.tenant(slug));
    let before = operations(&world);
    let mut taken = grace();
    taken["email"] = json!(tenant.email);
    world.operator().post(&path(&tenant.id), &taken).send().problem(409, "conflict");
    world.anonymous().log_in("acme", &tenant.email, PASSWORD).expect(201);
    assert_eq!(users(&world, &tenant.id), 1);
    add(&world, "ten_0190b5b4a3b27c10b5a58d0a3b8a1c2d").problem(404, "not-found");
    assert_eq!(operations(&world), before);
    let mut short = grace();
    short["password"] = json!("short");
    let refused = world.operator().post(&path(&tenant.id), &short).send().problem(422, "validation");
    assert_eq!(refused["errors"][0]["field"], "/password");
    // It is free in another tenant.
    world.operator().post(&path(&other.id), &taken).send().expect(201);
}

#[test]
fn operators_who_write_alone_add_admins() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let runs = || world.cloud().function_stats().get("AddAdminFunction").map_or(0, |stats| stats.invocations);
    let before = runs();
    for client in [
        Http::clone(&world.operator_as("operator-read")),
        Http::clone(&world.unsigned()),
        Http::clone(&world.unsigned().bearing(&tenant.token)),
    ] {
        client.post(&path(&tenant.id), &grace()).send().gateway_refusal(403, "Forbidden");
    }
    tenant.admin.post(&path(&tenant.id), &grace()).send().gateway_refusal(404, "Not Found");
    assert_eq!(runs(), before, "a function ran");
    assert_eq!(users(&world, &tenant.id), 1);
}

#[test]
fn a_repeated_addition_gets_the_same_answer_and_another_one_with_its_key_is_refused() {
    let world = World::start();
    let [tenant, other] = ["acme", "globex"].map(|slug| world.tenant(slug));
    let first = keyed(&world, &tenant.id, "first", &grace());
    let again = keyed(&world, &tenant.id, "first", &grace());
    assert_eq!(again.expect(201), first.expect(201));
    let replayed = |answer: &Response| answer.header("idempotency-replayed").map(str::to_owned);
    assert_eq!((replayed(&first), replayed(&again).as_deref()), (None, Some("true")));
    assert_eq!(again.header("etag"), first.header("etag"));
    for (field, value) in
        [("name", "Grace"), ("email", "g@acme.example"), ("password", "another secret 0815")]
    {
        let mut body = grace();
        body[field] = json!(value);
        keyed(&world, &tenant.id, "first", &body).problem(422, "idempotency-key-reused");
    }
    keyed(&world, &other.id, "first", &grace()).problem(422, "idempotency-key-reused");
    keyed(&world, &tenant.id, "second", &grace()).problem(409, "conflict");
    assert_eq!(users(&world, &tenant.id), 2);
    assert_eq!(users(&world, &other.id), 1);
}

/// The write has taken effect, and its answer was lost: the function finds its own write.
#[test]
fn an_addition_whose_answer_was_lost_is_repeated_safely() {
    let world = World::start();
    let tenant = world.tenant("acme");
    world.lose_answers("TransactWriteItems", "");
    let first = keyed(&world, &tenant.id, "lost", &grace()).status;
    world.clear_faults();
    let again = keyed(&world, &tenant.id, "lost", &grace());
    again.expect(201);
    assert_eq!(again.header("idempotency-replayed"), Some("true"), "the first answered {first}");
    assert_eq!(users(&world, &tenant.id), 2);
}

#[test]
fn both_audits_name_the_operator_and_the_new_admin() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let admin = add(&world, &tenant.id).expect(201);
    let row = operations(&world).remove(0);
    let action = json!({ "kind": "addAdmin", "user": admin["id"] });
    assert_eq!(row, json!({ "at": row["at"], "principal": OPERATOR, "action": action, "tenant": tenant.id }));
    let registered = eventually("the registration is in the tenant's audit", || {
        let page = tenant.admin.get("/audit?kind=user.registered").send().expect(200);
        items(&page["items"]).first().cloned()
    });
    assert_eq!(registered["actor"], json!({ "kind": "operator", "principal": OPERATOR }));
    assert_eq!(registered["aggregate"], json!({ "kind": "user", "id": admin["id"] }));
    let of_operators = format!("/tenants/{}/audit?kind=user.registered&actor=operator", tenant.id);
    let page = world.operator().get(&of_operators).send().expect(200);
    assert_eq!(items(&page["items"]), [registered]);
}

/// A full tenant would stay without an admin, and a suspended one has to be put in order before it is resumed.
#[test]
fn a_full_and_suspended_tenant_gets_an_admin_who_counts_and_waits() {
    let world = World::start_unlimited();
    let tenant = world.tenant("acme");
    world.change_terms(&tenant.id, &json!({ "limits": { "users": 1 } })).expect(200);
    world.suspend(&tenant.id);
    let admin = add(&world, &tenant.id).expect(201);
    assert_eq!(users(&world, &tenant.id), 2);
    let refused = world.anonymous().log_in("acme", GRACE, SECRET);
    assert_ne!(refused.status, 201);
    world.resume(&tenant.id);
    let session = world.anonymous().log_in("acme", GRACE, SECRET).expect(201);
    assert_eq!(session["tenantId"], admin["tenantId"]);
    let grace = world.anonymous().bearing(session["accessToken"].as_str().unwrap());
    let member =
        json!({ "name": "Max", "email": "max@acme.example", "roles": ["member"], "password": PASSWORD });
    eventually("the gateway has forgotten the suspension", || {
        let answer = grace.post("/users", &member).send();
        (answer.status == 409).then(|| answer.problem(409, "quota-reached"))
    });
}

#[test]
fn the_password_and_the_person_stand_in_no_receipt_log_or_event() {
    let world = World::start();
    let tenant = world.tenant("acme");
    keyed(&world, &tenant.id, "first", &grace()).expect(201);
    keyed(&world, &tenant.id, "first", &grace()).expect(201);
    let registry: Vec<String> = world.scan_registry().iter().map(Value::to_string).collect();
    let receipt = registry.iter().find(|row| row.contains("receipt#") && row.contains("/admins"));
    assert!(receipt.is_some_and(|row| row.contains("usr_")), "{registry:?}");
    // Queues may be empty before the relay has published the last commit.
    let events = eventually("the registration is published", || {
        let recent = world.cloud().services().recent_events();
        let events: Vec<String> = recent.iter().map(|recent| recent.event.to_string()).collect();
        events.iter().any(|event| event.contains("user.registered")).then_some(events)
    });
    world.wait_until_consumed();
    let logs = world.cloud().logs();
    for text in registry.iter().chain(&events).chain(&logs) {
        for personal in [SECRET, "Grace", GRACE] {
            assert!(!text.contains(personal), "{personal} in {text}");
        }
    }
    for row in world.scan() {
        assert!(!row.to_string().contains(SECRET), "{row}");
    }
}
