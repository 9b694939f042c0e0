use client::{eventually, id};
use serde_json::json;
use tests::World;
use tests::journey::{PASSWORD, email_of, onboarding};

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
            "id": tenant["id"], "name": "Tenant acme", "slug": "acme", "tier": "standard", "version": 1,
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

#[test]
fn only_the_operator_key_onboards() {
    let world = World::start();
    let anonymous = world.anonymous();
    let admin = world.tenant("acme").admin;
    for request in [
        anonymous.post("/tenants", &onboarding("globex")),
        anonymous.operator("another key").post("/tenants", &onboarding("globex")),
        anonymous.operator("").post("/tenants", &onboarding("globex")),
        admin.post("/tenants", &onboarding("globex")),
    ] {
        request.send().problem(401, "unauthorized");
    }
    world.onboard("globex");
}

#[test]
fn a_tenant_is_read_by_its_users_and_renamed_by_its_admins() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let member = tenant.member(&world.anonymous(), "Max Member");
    let view =
        json!({ "id": tenant.id, "name": "Tenant acme", "slug": "acme", "tier": "standard", "version": 1 });
    assert_eq!(member.get("/tenant").send().expect(200), view);

    let changes = json!({ "name": "Acme Inc." });
    member.patch("/tenant", &changes).if_match(&view).send().problem(403, "forbidden");
    tenant.admin.patch("/tenant", &changes).send().problem(428, "precondition-required");
    let answer = tenant.admin.patch("/tenant", &changes).if_match(&view).send();
    let renamed = answer.expect(200);
    assert_eq!(answer.header("etag"), Some("\"2\""));
    assert_eq!((&renamed["name"], &renamed["version"]), (&json!("Acme Inc."), &json!(2)));
    tenant.admin.patch("/tenant", &changes).if_match(&view).send().problem(412, "precondition-failed");
    assert_eq!(member.get("/tenant").send().expect(200), renamed);
    eventually("the event is published", || {
        let events = world.cloud().services().recent_events();
        let published = events.iter().find(|recent| recent.event["detail-type"] == "tenant.renamed")?;
        let detail = &published.event["detail"];
        assert_eq!((&detail["sequence"], &detail["data"]), (&json!(2), &json!({})));
        Some(())
    });
    // The renaming must keep the set of admins, which is in the same item as the name.
    let me = tenant.admin.me();
    tenant.admin.update_user(&me, &json!({ "role": "member" })).problem(409, "conflict");
    tenant.admin.update_user(&member.me(), &json!({ "role": "admin" })).expect(200);
    tenant.admin.update_user(&me, &json!({ "role": "member" })).expect(200);
}
