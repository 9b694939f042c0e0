//! The operators' API: who may call it, and what onboarding does.

use client::{Http, Keys, eventually, id, items};
use cloud::model::REGION;
use serde_json::{Value, json};
use tests::journey::{PASSWORD, email_of, onboarding};
use tests::{World, answers};

const OPERATOR: &str = "arn:aws:iam::123456789012:user/local/operator";

#[test]
fn onboarding_answers_the_tenant_and_its_admin_can_sign_in() {
    let world = World::start();
    let answer = world.operator().post("/tenants", &onboarding("acme")).send();
    let tenant = answer.expect(201);
    assert!(id(&tenant).starts_with("ten_"));
    assert!(id(&tenant["admin"]).starts_with("usr_"));
    assert_eq!(
        tenant,
        json!({
            "id": tenant["id"], "name": "Tenant acme", "slug": "acme", "tier": "pro", "version": 1,
            "admin": { "id": tenant["admin"]["id"], "name": "Ada Admin", "email": "ada@acme.example" },
        })
    );
    world.anonymous().log_in("acme", &email_of("acme"), PASSWORD).expect(201);
}

#[test]
fn a_taken_slug_is_a_conflict_and_leaves_its_owner_alone() {
    let world = World::start();
    let owner = world.tenant("acme");
    let mut body = onboarding("acme");
    body["name"] = json!("Another");
    body["admin"]["email"] = json!("eve@acme.example");
    world.operator().post("/tenants", &body).send().problem(409, "conflict");
    let session = world.anonymous().log_in("acme", &owner.email, PASSWORD).expect(201);
    assert_eq!(session["tenantId"], owner.id);
    world.anonymous().log_in("acme", "eve@acme.example", PASSWORD).problem(401, "unauthorized");
}

#[test]
fn of_two_simultaneous_onboardings_one_gets_the_slug() {
    let world = World::start();
    let onboard = || world.operator().post("/tenants", &onboarding("acme")).send().status;
    let mut statuses = std::thread::scope(|scope| {
        let racers = [scope.spawn(onboard), scope.spawn(onboard)];
        racers.map(|racer| racer.join().unwrap())
    });
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409]);
}

#[test]
fn the_same_address_may_belong_to_two_tenants() {
    let world = World::start();
    for slug in ["acme", "globex"] {
        let mut body = onboarding(slug);
        body["admin"]["email"] = json!("ada@both.example");
        world.operator().post("/tenants", &body).send().expect(201);
    }
    let tenant_of =
        |slug| world.anonymous().log_in(slug, "ada@both.example", PASSWORD).expect(201)["tenantId"].clone();
    assert_ne!(tenant_of("acme"), tenant_of("globex"));
}

/// The gateway asks IAM before any function runs.
#[test]
fn operators_alone_onboard() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let url = world.operators_url();
    let refused = |client: &Http| {
        client.post("/tenants", &onboarding("globex")).send().gateway_refusal(403, "Forbidden");
    };
    let runs = || world.cloud().function_stats()["OnboardTenantFunction"].invocations;
    let before = runs();
    refused(&world.unsigned());
    refused(&world.unsigned().bearing(&tenant.token));
    refused(&world.operator_as("operator-read"));
    let other = Keys::new("AKIAEXAMPLE".to_owned(), "secret".to_owned(), None, REGION);
    refused(&answers::operator(url, other));
    assert_eq!(runs(), before, "a function ran");
    world.onboard("globex");
}

#[test]
fn the_tenants_api_takes_no_operator() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let operator = answers::operator(&world.cloud().url(), world.keys("operator"));
    operator.get("/me").send().gateway_refusal(403, "Forbidden");
    for client in [&Http::clone(&operator), &Http::clone(&tenant.admin)] {
        client.post("/tenants", &onboarding("globex")).send().gateway_refusal(404, "Not Found");
    }
}

#[test]
fn the_audit_names_the_operator_and_the_bus_does_not() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let actor = json!({ "kind": "operator", "principal": OPERATOR });
    for query in ["", "?actor=operator"] {
        let row = eventually("the onboarding is in the audit", || {
            let page = tenant.admin.get(&format!("/audit{query}")).send().expect(200);
            items(&page["items"]).iter().find(|row| row["kind"] == "tenant.onboarded").cloned()
        });
        assert_eq!(row["actor"], actor, "{query}");
    }
    let events = world.cloud().services().recent_events();
    let published = events.iter().find(|recent| recent.event["detail-type"] == "tenant.onboarded").unwrap();
    assert_eq!(published.event["detail"]["actor"], json!({ "kind": "operator" }));
    let all: Vec<String> = events.iter().map(|recent| recent.event.to_string()).collect();
    assert!(!all.concat().contains("user/local"), "{all:?}");
}

/// A row in the transaction of the command, without the name or the address of the tenant's admin.
#[test]
fn the_operators_audit_has_a_row_for_an_onboarding() {
    let world = World::start();
    let tenant = world.operator().post("/tenants", &onboarding("acme")).send().expect(201);
    let rows = world.scan_registry();
    let is_audit = |row: &&Value| row["pk"]["S"] == "operators#audit";
    let audit: Vec<&Value> = rows.iter().filter(is_audit).collect();
    assert_eq!(audit.len(), 1, "{audit:?}");
    let document: Value = serde_json::from_str(audit[0]["doc"]["S"].as_str().unwrap()).unwrap();
    let action = json!({ "kind": "onboardTenant", "slug": "acme", "tier": tenant["tier"] });
    assert_eq!(
        document,
        json!({ "at": document["at"], "principal": OPERATOR, "action": action, "tenant": tenant["id"] })
    );
    let key = audit[0]["sk"]["S"].as_str().unwrap();
    assert!(key.starts_with(document["at"].as_str().unwrap().trim_end_matches('Z')), "{key}");
}

#[test]
fn operators_read_a_tenant() {
    let world = World::start();
    let tenant = world.operator().post("/tenants", &onboarding("acme")).send().expect(201);
    let path = format!("/tenants/{}", id(&tenant));
    world.set_metered_requests(id(&tenant), 1_500_000);
    for client in [world.operator(), world.operator_as("operator-read")] {
        let answer = client.get(&path).send();
        assert_eq!(
            answer.expect(200),
            json!({
                "id": tenant["id"], "name": "Tenant acme", "slug": "acme", "tier": "pro", "status": "active",
                "limits": { "requests": 5_000, "users": 1_000, "products": 10_000 }, "features": ["audit", "comments"],
                "overrides": { "limits": {}, "features": {} }, "counts": { "users": 1, "products": 0 },
                "usageToday": {
                    "requests": 1_500_000, "errors": 0, "readUnits": 0.0, "writeUnits": 0.0, "functionMs": 0,
                    "cost": { "microDollars": 1_500_000 },
                },
                "version": 1,
            })
        );
        let etag = answer.header("etag").expect("a tenant has a version");
        let again = client.get(&path).header("if-none-match", etag).send();
        assert_eq!((again.status, again.body.is_empty()), (304, true));
        let head = client.with_body("HEAD", &path, &Value::Null).send();
        assert_eq!((head.status, head.header("etag"), head.body.is_empty()), (200, Some(etag), true));
    }
    let nobody = "/tenants/ten_0190b5b4a3b27c10b5a58d0a3b8a1c2d";
    world.operator().get(nobody).send().problem(404, "not-found");
    world.operator().get("/tenants/acme").send().problem(422, "validation");
}

fn keyed(world: &World, key: &str, body: &Value) -> client::Response {
    world.operator().post("/tenants", body).header("idempotency-key", key).send()
}

#[test]
fn a_repeated_onboarding_gets_the_same_answer() {
    let world = World::start();
    let body = onboarding("acme");
    let first = keyed(&world, "first", &body);
    let tenant = first.expect(201);
    assert_eq!(first.header("idempotency-replayed"), None);
    let again = keyed(&world, "first", &body);
    assert_eq!(again.expect(201), tenant);
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert_eq!(again.header("etag"), first.header("etag"));

    let mut other = body.clone();
    other["admin"]["password"] = json!("another horse battery");
    keyed(&world, "first", &other).problem(422, "idempotency-key-reused");
    keyed(&world, "second", &body).problem(409, "conflict");
    world.operator().post("/tenants", &body).send().problem(409, "conflict");
    let session = world.anonymous().log_in("acme", &email_of("acme"), PASSWORD).expect(201);
    assert_eq!(session["tenantId"], tenant["id"]);
}

/// Whoever reads the registry learns ids from a receipt, and no names, addresses or passwords.
#[test]
fn a_receipt_of_an_onboarding_holds_ids_alone() {
    let world = World::start();
    let tenant = keyed(&world, "first", &onboarding("acme")).expect(201);
    let rows = world.scan_registry();
    let receipt = rows.iter().find(|row| row["pk"]["S"].as_str().unwrap_or_default().starts_with("receipt#"));
    let receipt = receipt.expect("there is a receipt");
    let document: Value = serde_json::from_str(receipt["doc"]["S"].as_str().unwrap()).unwrap();
    let subject = json!({ "tenant": tenant["id"], "admin": tenant["admin"]["id"], "version": 1 });
    assert_eq!(serde_json::from_str::<Value>(document["body"].as_str().unwrap()).unwrap(), subject);
    let text = receipt.to_string();
    for personal in ["Ada", "acme.example", PASSWORD, "user/local"] {
        assert!(!text.contains(personal), "{personal} in {text}");
    }
    assert!(receipt["expiresAt"]["N"].is_string(), "{text}");
}

#[test]
fn of_simultaneous_repetitions_all_get_the_answer_of_the_one_that_won() {
    let world = World::start();
    let body = onboarding("acme");
    let racers = 4;
    let answers: Vec<Value> = std::thread::scope(|scope| {
        let racers: Vec<_> =
            (0..racers).map(|_| scope.spawn(|| keyed(&world, "race", &body).expect(201))).collect();
        racers.into_iter().map(|racer| racer.join().unwrap()).collect()
    });
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
}

/// The write has taken effect, and its answer was lost: the function finds its own write.
#[test]
fn an_onboarding_whose_answer_was_lost_is_repeated_safely() {
    let world = World::start();
    world.lose_answers("TransactWriteItems", "");
    let body = onboarding("acme");
    let first = keyed(&world, "lost", &body).status;
    world.clear_faults();
    let again = keyed(&world, "lost", &body);
    let tenant = again.expect(201);
    assert_eq!(again.header("idempotency-replayed"), Some("true"), "the first answered {first}");
    assert_eq!(
        world.anonymous().log_in("acme", &email_of("acme"), PASSWORD).expect(201)["tenantId"],
        tenant["id"]
    );
}
