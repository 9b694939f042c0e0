//! Tiers: what a tenant may have, and what it is refused.

use client::{Http, eventually, id, items};
use serde_json::{Value, json};
use tests::journey::{PASSWORD, assert_one_won, onboarding};
use tests::{Tenant, World};

/// A client whose token no authorizer has seen: the gateway keeps an answer for a minute and token.
fn signed_in_anew(world: &World, tenant: &Tenant) -> Http {
    let session = world.anonymous().log_in(&tenant.slug, &tenant.email, PASSWORD).expect(201);
    Http::clone(&world.anonymous().bearing(session["accessToken"].as_str().unwrap()))
}

fn terms(requests: u64) -> Value {
    json!({
        "requests": requests, "users": 3, "products": 2, "features": ["audit"],
        "price": { "amount": 9_900, "currency": "EUR" },
    })
}

#[test]
fn a_feature_that_the_tier_does_not_include_is_refused() {
    let world = World::start();
    let [free, pro] = ["free", "pro"].map(|tier| world.tenant_of_tier(&format!("a-{tier}-one"), tier));
    let refused = free.admin.get("/audit").send().problem(403, "feature-not-included");
    assert_eq!(
        refused["detail"],
        "Your tenant's tier does not include the feature audit; ask your operator for one that does."
    );
    pro.admin.get("/audit").send().expect(200);
    // Who may not call the route anyway is not told of tiers.
    let member = free.member(&world.anonymous(), "Mel");
    member.get("/audit").send().problem(403, "forbidden");
    for (tenant, limits, features) in [
        (&free, json!({ "requests": 500, "users": 10, "products": 100 }), json!([])),
        (
            &pro,
            json!({ "requests": 5_000, "users": 1_000, "products": 10_000 }),
            json!(["audit", "comments"]),
        ),
    ] {
        let shown = tenant.admin.get("/tenant").send().expect(200);
        assert_eq!((&shown["limits"], &shown["features"]), (&limits, &features));
    }
}

#[test]
fn tiers_are_listed_replaced_and_added_and_each_is_in_force_for_its_tenants() {
    let world = World::start();
    let (operator, tenant) = (world.operator(), world.tenant_of_tier("acme", "free"));
    let answer = operator.get("/tiers").send();
    let initial = answer.expect(200);
    assert_eq!((answer.header("etag"), &initial["version"]), (Some("\"0\""), &json!(0)));
    let names = |tiers: &Value| -> Vec<String> {
        items(&tiers["tiers"]).iter().map(|tier| tier["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&initial), ["enterprise", "free", "pro"]);

    let replaced = operator.put("/tiers/free", &terms(40)).if_match(&initial).send().expect(200);
    let free = items(&replaced["tiers"]).iter().find(|tier| tier["name"] == "free").unwrap();
    let mut expected = terms(40);
    expected["name"] = json!("free");
    assert_eq!((free, &replaced["version"]), (&expected, &json!(1)));
    assert_eq!(operator.get("/tiers").send().expect(200), replaced);
    let client = signed_in_anew(&world, &tenant);
    let shown = client.get("/tenant").send();
    assert_eq!(shown.expect(200)["limits"], json!({ "requests": 40, "users": 3, "products": 2 }));
    assert_eq!(shown.header("ratelimit-policy"), Some("\"requests\";q=40;w=10"));
    client.get("/audit").send().expect(200);

    operator.put("/tiers/gold", &terms(40)).if_match(&initial).send().problem(412, "precondition-failed");
    operator.put("/tiers/gold", &terms(40)).if_match(&replaced).send().expect(200);
    world.tenant_of_tier("globex", "gold");
    let audit = operator.get("/operators/audit").send().expect(200);
    let replacements: Vec<&Value> = items(&audit["items"])
        .iter()
        .map(|row| &row["action"])
        .filter(|action| action["kind"] == "replaceTier")
        .collect();
    assert_eq!(replacements.len(), 2, "{audit}");
    assert_eq!(replacements[1]["tier"], "free", "{audit}");
}

/// Without the version of all tiers, one of two operators would undo what the other has done.
#[test]
fn of_two_changes_of_tiers_at_the_same_moment_one_wins() {
    let world = World::start();
    let operator = world.operator();
    let known = operator.get("/tiers").send().expect(200);
    let mut statuses: Vec<u16> = std::thread::scope(|scope| {
        let put = |path: &'static str| {
            let (operator, known) = (&operator, &known);
            scope.spawn(move || operator.put(path, &terms(40)).if_match(known).send().status)
        };
        let both = ["/tiers/gold", "/tiers/silver"].map(put);
        both.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert_one_won(&mut statuses);
    assert_eq!(items(&operator.get("/tiers").send().expect(200)["tiers"]).len(), 4);
}

#[test]
fn a_tenant_gets_another_tier_limits_and_features_within_the_minute() {
    let world = World::start();
    let (operator, tenant) = (world.operator(), world.tenant_of_tier("acme", "free"));
    tenant.admin.get("/audit").send().problem(403, "feature-not-included");
    let change = json!({ "limits": { "requests": 50, "products": 1 }, "features": { "audit": true } });
    let changed = world.change_terms(&tenant.id, &change).expect(200);
    let in_force = json!({ "requests": 50, "users": 10, "products": 1 });
    assert_eq!((&changed["tier"], &changed["limits"]), (&json!("free"), &in_force));
    assert_eq!(
        (&changed["overrides"], &changed["features"], &changed["version"]),
        (&change_with_all(&change), &json!(["audit"]), &json!(2))
    );
    assert_eq!(changed["counts"], json!({ "users": 1, "products": 0 }));
    let mut shown = operator.get(&format!("/tenants/{}", tenant.id)).send().expect(200);
    // No command changes it.
    shown.as_object_mut().unwrap().remove("usageToday").unwrap();
    assert_eq!(shown, changed);
    let audit = operator.get("/operators/audit").send().expect(200);
    let row = &items(&audit["items"])[0];
    assert_eq!((&row["action"]["kind"], &row["tenant"]), (&json!("changeTerms"), &json!(tenant.id)), "{row}");
    assert!(row["principal"].as_str().unwrap().ends_with("/operator"), "{row}");
    let client = signed_in_anew(&world, &tenant);
    client.get("/audit").send().expect(200);
    assert_eq!(client.get("/tenant").send().expect(200)["limits"], in_force);
    eventually("the event is published", || {
        let events = world.cloud().services().recent_events();
        let published = events.iter().find(|recent| recent.event["detail-type"] == "tenant.termsChanged")?;
        let data = json!({ "tier": "free", "requests": 50, "products": 1 });
        assert_eq!(published.event["detail"]["data"], data);
        Some(())
    });

    // The tier decides again.
    let reset = json!({ "tier": "pro", "limits": { "requests": null, "products": null }, "features": { "audit": null } });
    let reset = world.change_terms(&tenant.id, &reset).expect(200);
    assert_eq!(reset["overrides"], json!({ "limits": {}, "features": {} }));
    assert_eq!(reset["limits"], json!({ "requests": 5_000, "users": 1_000, "products": 10_000 }));
}

fn change_with_all(change: &Value) -> Value {
    json!({ "limits": change["limits"], "features": change["features"] })
}

#[test]
fn a_limit_of_requests_that_an_operator_sets_is_obeyed() {
    let world = World::start();
    let tenant = world.tenant_of_tier("acme", "enterprise");
    world.change_terms(&tenant.id, &json!({ "limits": { "requests": 50 } })).expect(200);
    let client = signed_in_anew(&world, &tenant);
    client.get("/products").send().expect(200);
    let statuses: Vec<u16> = (0..120).map(|_| client.get("/products").send().status).collect();
    let refused = statuses.iter().filter(|status| **status == 429).count();
    assert!(statuses.iter().all(|status| [200, 429].contains(status)), "{statuses:?}");
    // They fall into two windows at most, or this machine is very slow.
    assert!(refused >= 20, "{refused} of 120");
}

#[test]
fn after_a_downgrade_everything_stays_and_nothing_is_added() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let products = ["Lamp", "Bulb", "Desk"].map(|name| tenant.admin.create_product(name, 1250));
    let member = tenant.member(&world.anonymous(), "Mel");
    world.change_terms(&tenant.id, &json!({ "limits": { "users": 1, "products": 2 } })).expect(200);
    let client = signed_in_anew(&world, &tenant);
    let product = json!({ "name": "Chair", "price": { "amount": 1250, "currency": "EUR" } });
    client.post("/products", &product).send().problem(409, "quota-reached");
    let user =
        json!({ "name": "Max", "email": "max@acme.example", "roles": ["member"], "password": PASSWORD });
    client.post("/users", &user).send().problem(409, "quota-reached");
    assert_eq!(items(&client.get("/products").send().expect(200)["items"]).len(), 3);
    assert_eq!(member.me()["status"], "active");
    let usage = client.get("/tenant/usage").send().expect(200);
    assert_eq!(
        (&usage["counts"], &usage["limits"]),
        (&json!({ "users": 2, "products": 3 }), &json!({ "requests": 5_000, "users": 1, "products": 2 }))
    );
    client
        .post("/orders", &json!({ "lines": [{ "productId": id(&products[0]), "quantity": 1 }] }))
        .send()
        .expect(201);
    // Two of three have to go before another one may come.
    for product in &products[..2] {
        let path = format!("/products/{}/retirement", id(product));
        client.post_empty(&path).if_match(product).send().expect(200);
    }
    client.post("/products", &product).send().expect(201);
    client.post("/products", &product).send().problem(409, "quota-reached");
}

#[test]
fn what_no_tier_or_tenant_can_have_is_refused() {
    let world = World::start();
    let (operator, tenant) = (world.operator(), world.tenant("acme"));
    let errors = |problem: Value| problem["errors"][0].clone();
    let unknown = world.change_terms(&tenant.id, &json!({ "tier": "gold" })).problem(422, "validation");
    let rule = json!({ "field": "/tier", "rule": "must be one of: enterprise, free, pro" });
    assert_eq!(errors(unknown), rule);
    let mut body = onboarding("globex");
    body["tier"] = json!("gold");
    assert_eq!(errors(operator.post("/tenants", &body).send().problem(422, "validation")), rule);
    for (change, field) in [
        (json!({ "features": { "time-travel": true } }), "/features/time-travel"),
        (json!({ "features": { "audit": "yes" } }), "/features/audit"),
        (json!({ "limits": { "requests": -1 } }), "/limits/requests"),
        (json!({ "limits": { "users": 0 } }), "/limits/users"),
        (json!({ "limits": { "products": 1.5 } }), "/limits/products"),
        (json!({ "limits": { "requests": 1_000_000_000_000_u64 } }), "/limits/requests"),
        (json!({ "limits": { "orders": 1 } }), "/limits/orders"),
        (json!({ "tier": null }), "/tier"),
        (json!({ "status": "suspended" }), "/status"),
    ] {
        let refused = world.change_terms(&tenant.id, &change).problem(422, "validation");
        assert_eq!(errors(refused)["field"], field, "{change}");
    }
    let known = operator.get("/tiers").send().expect(200);
    for (member, value) in
        [("features", json!(["time-travel"])), ("users", json!(0)), ("price", json!({ "amount": -1 }))]
    {
        let mut body = terms(40);
        body[member] = value;
        let refused = operator.put("/tiers/gold", &body).if_match(&known).send().problem(422, "validation");
        let field = errors(refused)["field"].as_str().unwrap().to_owned();
        assert!(field.starts_with(&format!("/{member}")), "{field}");
    }
    let path = format!("/tenants/{}", tenant.id);
    let stale = operator.patch(&path, &json!({ "tier": "free" })).header("if-match", "\"7\"").send();
    stale.problem(412, "precondition-failed");
    assert_eq!(operator.get(&path).send().expect(200)["version"], json!(1));
    assert_eq!(operator.get("/tiers").send().expect(200), known);
}

#[test]
fn of_two_changes_of_a_tenant_at_the_same_moment_one_wins() {
    let world = World::start();
    let (operator, tenant) = (world.operator(), world.onboard("acme"));
    let path = format!("/tenants/{}", id(&tenant));
    let mut statuses: Vec<u16> = std::thread::scope(|scope| {
        let both = [50, 60].map(|requests| {
            let (operator, path) = (&operator, &path);
            let body = json!({ "limits": { "requests": requests } });
            scope.spawn(move || operator.patch(path, &body).header("if-match", "\"1\"").send().status)
        });
        both.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert_one_won(&mut statuses);
    assert_eq!(operator.get(&path).send().expect(200)["version"], 2);
    let audit = operator.get("/operators/audit").send().expect(200);
    assert_eq!(audit["items"].as_array().unwrap().len(), 2, "the onboarding and one change: {audit}");
}

/// The tag of a tenant's view says more than the version, since limits change with the tier. `If-Match` compares the
/// version alone.
#[test]
fn a_view_that_changed_without_its_tenant_is_not_taken_for_the_old_one() {
    let world = World::start();
    let (operator, tenant) = (world.operator(), world.tenant("acme"));
    let path = format!("/tenants/{}", tenant.id);
    let tag = operator.get(&path).send().header("etag").unwrap().to_owned();
    assert_eq!(operator.get(&path).header("if-none-match", &tag).send().status, 304);
    let known = operator.get("/tiers").send().expect(200);
    operator.put("/tiers/pro", &terms(40)).if_match(&known).send().expect(200);
    assert_eq!(operator.get(&path).header("if-none-match", &tag).send().status, 200);
    operator.patch(&path, &json!({ "tier": "free" })).header("if-match", &tag).send().expect(200);
}
