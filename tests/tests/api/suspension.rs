//! Suspending a tenant, and resuming it.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use client::{Http, Response, eventually, id, items};
use serde_json::{Value, json};
use tests::journey::{PASSWORD, assert_one_won};
use tests::{Tenant, World};

use crate::notifying::prefer;

fn path(tenant: &str) -> String {
    format!("/tenants/{tenant}/suspension")
}

fn suspend(world: &World, tenant: &str, version: &str) -> Response {
    let body = json!({ "reason": "Unpaid since March" });
    world.operator().put(&path(tenant), &body).header("if-match", version).send()
}

fn resume(world: &World, tenant: &str, version: &str) -> Response {
    world.operator().delete(&path(tenant)).header("if-match", version).send()
}

/// The document of the registry's row at this partition.
fn registered(world: &World, pk: &str) -> Vec<Value> {
    let rows = world.scan_registry();
    let rows = rows.iter().filter(|row| row["pk"]["S"] == pk);
    rows.map(|row| serde_json::from_str(row["doc"]["S"].as_str().unwrap()).unwrap()).collect()
}

#[test]
fn a_suspended_tenant_tells_why_and_since_when_until_it_is_resumed() {
    let world = World::start();
    let tenant = world.onboard("acme");
    let suspended = suspend(&world, id(&tenant), "\"1\"");
    let shown = suspended.expect(200);
    assert_eq!((&shown["status"], &shown["version"]), (&json!("suspended"), &json!(2)));
    let suspension = &shown["suspension"];
    assert_eq!(suspension["reason"], "Unpaid since March");
    assert!(suspension["since"].as_str().is_some_and(|since| since.ends_with('Z')), "{suspension}");
    let mut read = world.operator().get(&format!("/tenants/{}", id(&tenant))).send().expect(200);
    read.as_object_mut().unwrap().remove("usageToday").unwrap();
    assert_eq!(read, shown);
    assert_eq!(registered(&world, "slug#acme")[0]["status"], "suspended");
    let resumed = resume(&world, id(&tenant), "\"2\"").expect(200);
    assert_eq!(
        (&resumed["status"], &resumed["suspension"], &resumed["version"]),
        (&json!("active"), &Value::Null, &json!(3))
    );
    assert_eq!(registered(&world, "slug#acme")[0]["status"], "active");
    let did: Vec<Value> =
        registered(&world, "operators#audit").iter().map(|row| row["action"]["kind"].clone()).collect();
    assert_eq!(did, ["onboardTenant", "suspendTenant", "resumeTenant"]);
}

/// What is refused changes neither the profile nor the registry, and is in no audit.
#[test]
fn a_tenant_is_suspended_once_and_resumed_once_at_a_known_version() {
    let world = World::start();
    let tenant = world.onboard("acme");
    let tenant = id(&tenant);
    let nobody = "ten_0190b5b4a3b27c10b5a58d0a3b8a1c2d";
    suspend(&world, nobody, "*").problem(404, "not-found");
    resume(&world, nobody, "*").problem(404, "not-found");
    resume(&world, tenant, "*").problem(409, "conflict");
    suspend(&world, tenant, "\"7\"").problem(412, "precondition-failed");
    let unsaid = world.operator().put(&path(tenant), &json!({ "reason": "Unpaid" })).send();
    unsaid.problem(428, "precondition-required");
    for body in [json!({}), json!({ "reason": "" }), json!({ "reason": "a", "since": "now" })] {
        let refused = world.operator().put(&path(tenant), &body).header("if-match", "*").send();
        refused.problem(422, "validation");
    }
    suspend(&world, tenant, "\"1\"").expect(200);
    suspend(&world, tenant, "*").problem(409, "conflict");
    resume(&world, tenant, "\"1\"").problem(412, "precondition-failed");
    assert_eq!(registered(&world, "operators#audit").len(), 2, "the onboarding and the suspension");
    assert_eq!(registered(&world, "slug#acme")[0]["status"], "suspended");
}

#[test]
fn of_simultaneous_suspensions_one_takes_effect() {
    let world = World::start();
    let tenant = world.onboard("acme");
    let mut statuses: Vec<u16> = std::thread::scope(|scope| {
        let racers: Vec<_> =
            (0..4).map(|_| scope.spawn(|| suspend(&world, id(&tenant), "\"1\"").status)).collect();
        racers.into_iter().map(|racer| racer.join().unwrap()).collect()
    });
    assert_one_won(&mut statuses);
    assert_eq!(registered(&world, "operators#audit").len(), 2, "the onboarding and one suspension");
}

#[test]
fn only_an_operator_with_the_right_to_it_suspends() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let body = json!({ "reason": "Unpaid" });
    let clients = [
        Http::clone(&world.unsigned()),
        Http::clone(&world.unsigned().bearing(&tenant.token)),
        Http::clone(&world.operator_as("operator-read")),
    ];
    for client in clients {
        let put = client.put(&path(&tenant.id), &body).header("if-match", "*").send();
        put.gateway_refusal(403, "Forbidden");
        client.delete(&path(&tenant.id)).header("if-match", "*").send().gateway_refusal(403, "Forbidden");
    }
    tenant.admin.me();
    assert_eq!(registered(&world, "slug#acme")[0]["status"], "active");
}

/// The reason is an operator's free text: the tenant's log has it, and neither the bus nor the tenant's audit.
#[test]
fn the_reason_of_a_suspension_is_published_nowhere() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let other = world.tenant("globex");
    suspend(&world, &other.id, "*").expect(200);
    suspend(&world, &tenant.id, "*").expect(200);
    resume(&world, &tenant.id, "*").expect(200);
    let rows = eventually("both events are in the audit", || {
        let page = tenant.admin.get("/audit").send().expect(200);
        let rows = items(&page["items"]).to_vec();
        (rows.len() == 3).then_some(rows)
    });
    let kinds: Vec<&Value> = rows.iter().map(|row| &row["kind"]).collect();
    assert_eq!(kinds, ["tenant.resumed", "tenant.suspended", "tenant.onboarded"]);
    assert_eq!(rows[0]["actor"]["principal"], "arn:aws:iam::123456789012:user/local/operator");
    let published: Vec<String> =
        world.cloud().services().recent_events().iter().map(|recent| recent.event.to_string()).collect();
    assert!(published.iter().any(|event| event.contains("tenant.suspended")));
    assert!(!published.concat().contains("Unpaid"), "{published:?}");
    assert!(!json!(rows).to_string().contains("Unpaid"));
}

/// The gateway goes by the authorizer's answer for a minute, so what happens meanwhile is notified of in the app alone.
#[test]
fn users_of_a_suspended_tenant_get_no_mail_and_find_the_notice_later() {
    let world = World::start();
    let tenant = world.tenant("acme");
    eventually("the welcome mail", || (world.cloud().mailbox().len() == 1).then_some(()));
    prefer(&tenant.admin, "orderConfirmed", true, true);
    let order = tenant.order();
    tenant.admin.get("/users").send().expect(200);
    suspend(&world, &tenant.id, "*").expect(200);
    tenant.admin.confirm(&order).expect(200);
    let max =
        json!({ "name": "Max", "email": "max@acme.example", "roles": ["member"], "password": PASSWORD });
    tenant.admin.post("/users", &max).send().expect(201);
    eventually("the notice", || {
        let unread = tenant.admin.get("/notifications/unread").send().expect(200);
        (unread["unread"] == 1).then_some(())
    });
    world.wait_until_consumed();
    assert_eq!(world.cloud().mailbox().len(), 1, "a mail was sent");
    let row = tenant.admin.get("/orders?limit=1").send().expect(200)["items"][0].clone();
    assert_eq!(row["status"], "confirmed", "projections go on");
    resume(&world, &tenant.id, "*").expect(200);
    tenant.admin.confirm(&tenant.order()).expect(200);
    eventually("the mail", || (world.cloud().mailbox().len() == 2).then_some(()));
}

/// A tenant's routes by key, with a request of each that changes nothing.
fn routes(world: &World) -> BTreeMap<String, (String, String)> {
    let of_tenants = world.routes().into_iter().filter(|route| route.of_tenants);
    of_tenants
        .map(|route| {
            let (method, path) = route.key.split_once(' ').unwrap();
            let path = path.split('/').map(|part| if part.starts_with('{') { "none" } else { part });
            let path = path.collect::<Vec<_>>().join("/");
            (route.key.clone(), (method.to_owned(), path))
        })
        .collect()
}

/// How long after `since` each route first answers as `is_so` says.
fn delays(
    tenant: &Tenant,
    routes: &BTreeMap<String, (String, String)>,
    since: Instant,
    is_so: impl Fn(u16) -> bool,
) -> BTreeMap<String, Duration> {
    let mut delays = BTreeMap::new();
    let mut open = routes.clone();
    while !open.is_empty() && since.elapsed() < Duration::from_secs(75) {
        open.retain(|key, (method, path)| {
            let answered = is_so(tenant.admin.request(method, path).send().status);
            if answered {
                delays.insert(key.clone(), since.elapsed());
            }
            !answered
        });
        std::thread::sleep(Duration::from_millis(250));
    }
    assert!(open.is_empty(), "after {:?}: {:?}", since.elapsed(), open.keys());
    delays
}

fn slowest(what: &str, delays: &BTreeMap<String, Duration>) -> Duration {
    let (route, slowest) = delays.iter().max_by_key(|(_, delay)| **delay).unwrap();
    println!("{what} on {} routes, the slowest {route} after {:.1} s", delays.len(), slowest.as_secs_f64());
    *slowest
}

/// The gateway keeps the authorizers' answers by its own clock, so this test takes nearly a minute.
#[test]
fn suspending_and_resuming_are_in_force_on_every_route_within_a_minute() {
    let world = World::start_unlimited();
    let [suspended, resumed] = ["acme", "globex"].map(|slug| world.tenant(slug));
    let routes = routes(&world);
    assert!(routes.len() > 25, "{routes:?}");
    let all = |tenant: &Tenant, wanted: bool| {
        for (key, (method, path)) in &routes {
            let status = tenant.admin.request(method, path).send().status;
            assert_eq!(status == 403, wanted, "{key}: {status}");
        }
    };
    suspend(&world, &resumed.id, "*").expect(200);
    all(&resumed, true);
    all(&suspended, false);
    suspend(&world, &suspended.id, "*").expect(200);
    let since = Instant::now();
    world.anonymous().log_in("acme", &suspended.email, PASSWORD).problem(401, "unauthorized");
    resume(&world, &resumed.id, "*").expect(200);
    world.anonymous().log_in("globex", &resumed.email, PASSWORD).expect(201);
    let (refused, admitted) = std::thread::scope(|scope| {
        let refused = scope.spawn(|| delays(&suspended, &routes, since, |status| status == 403));
        let admitted = delays(&resumed, &routes, since, |status| status != 403);
        (refused.join().unwrap(), admitted)
    });
    let minute = Duration::from_secs(60);
    assert!(slowest("a suspension is in force", &refused) < minute);
    assert!(slowest("a tenant is resumed", &admitted) < minute);
}
