use client::{eventually, id, items};
use serde_json::json;
use tests::World;
use tests::journey::PASSWORD;

#[test]
fn a_registered_user_is_read_and_signs_in() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let answer = tenant.admin.register("Max Member", "Max@Acme.example", "member", PASSWORD);
    let user = answer.expect(201);
    assert_eq!(
        user,
        json!({
            "id": user["id"], "name": "Max Member", "email": "max@acme.example", "roles": ["member"],
            "isOwner": false, "status": "active", "createdAt": user["createdAt"], "tenantId": tenant.id,
            "version": 1,
        })
    );
    assert_eq!(answer.header("location"), Some(format!("/users/{}", id(&user)).as_str()));
    assert_eq!(answer.header("etag"), Some("\"1\""));
    assert_eq!(tenant.admin.user(id(&user)), user);
    let member = world.anonymous().member("acme", &user, PASSWORD);
    assert_eq!(member.me(), user);
    eventually("the event is published", || {
        let events = world.cloud().services().recent_events();
        let published = events.iter().find(|recent| recent.event["detail-type"] == "user.registered")?;
        let detail = &published.event["detail"];
        let data = json!({ "user": user["id"], "roles": ["member"] });
        assert_eq!((&detail["sequence"], &detail["data"]), (&json!(1), &data));
        Some(())
    });
}

#[test]
fn a_member_sees_and_changes_nobody() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let member = tenant.member(&world.anonymous(), "Max Member");
    let (me, admin) = (member.me(), tenant.admin.me());
    let told = member.get("/users").send().problem(403, "forbidden");
    let detail = "This needs the permission users:read; ask your tenant's owner or an admin.";
    assert_eq!(told["detail"], detail);
    for user in [&me, &admin] {
        member.get(&format!("/users/{}", id(user))).send().problem(403, "forbidden");
        for change in
            [json!({ "name": "Eve" }), json!({ "roles": ["member"] }), json!({ "roles": ["admin"] })]
        {
            member.update_user(user, &change).problem(403, "forbidden");
        }
    }
    for refused in [
        member.get("/users"),
        member.post_empty(&format!("/users/{}/deactivation", id(&me))).if_match(&me),
        member.post(
            "/users",
            &json!({ "name": "Eve", "email": "e@e.example", "roles": ["admin"], "password": PASSWORD }),
        ),
    ] {
        refused.send().problem(403, "forbidden");
    }
    assert_eq!((member.me(), tenant.admin.me()), (me.clone(), admin));
}

#[test]
fn a_change_is_shown_everywhere_and_leaves_the_password() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let member = tenant.member(&world.anonymous(), "Max Member");
    let user = member.me();
    let path = format!("/users/{}", member.id);
    let changes = json!({ "name": "Maxine", "roles": ["admin"] });
    tenant.admin.patch(&path, &changes).send().problem(428, "precondition-required");
    let answer = tenant.admin.update_user(&user, &changes);
    let changed = answer.expect(200);
    assert_eq!(answer.header("etag"), Some("\"2\""));
    let mut expected = user.clone();
    (expected["name"], expected["roles"], expected["version"]) =
        (json!("Maxine"), json!(["admin"]), json!(2));
    assert_eq!(changed, expected);
    assert_eq!(tenant.admin.user(&member.id), changed);
    let listed = tenant.admin.get("/users?q=max").send().expect(200)["items"].take();
    assert_eq!(items(&listed).len(), 1);
    for field in ["id", "name", "email", "roles", "version"] {
        assert_eq!(listed[0][field], changed[field]);
    }
    tenant.admin.update_user(&user, &json!({ "name": "Late" })).problem(412, "precondition-failed");
    assert_eq!(world.anonymous().member("acme", &changed, PASSWORD).me(), changed);
    eventually("the event is published", || {
        let events = world.cloud().services().recent_events();
        let published = events.iter().find(|recent| recent.event["detail-type"] == "user.updated")?;
        let detail = &published.event["detail"];
        assert_eq!((&detail["sequence"], &detail["actor"]["id"]), (&json!(2), &json!(tenant.admin_id)));
        Some(())
    });
}

#[test]
fn of_simultaneous_changes_one_wins() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let me = tenant.admin.me();
    let rename = |name| tenant.admin.update_user(&me, &json!({ "name": name })).status;
    let statuses = std::thread::scope(|scope| {
        ["Ada", "Eda", "Ida"].map(|name| scope.spawn(move || rename(name))).map(|racer| racer.join().unwrap())
    });
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
    assert!(statuses.iter().all(|status| [200, 409, 412].contains(status)), "{statuses:?}");
    assert_eq!(tenant.admin.me()["version"], 2);
}

#[test]
fn an_address_belongs_to_one_user_of_a_tenant() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let again = tenant.admin.register("Eve", &tenant.email.to_uppercase(), "member", "another password");
    again.problem(409, "conflict");
    assert_eq!(items(&tenant.admin.get("/users").send().expect(200)["items"]).len(), 1);
    world.anonymous().log_in("acme", &tenant.email, "another password").problem(401, "unauthorized");
    world.anonymous().log_in("acme", &tenant.email, PASSWORD).expect(201);
}

#[test]
fn a_repeated_registration_is_one_user() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let register = |password: &str| {
        let body =
            json!({ "name": "Kay", "email": "kay@acme.example", "roles": ["member"], "password": password });
        tenant.admin.post("/users", &body).header("idempotency-key", "kay").send()
    };
    let user = register(PASSWORD).expect(201);
    let again = register(PASSWORD);
    assert_eq!(again.expect(201), user);
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    register("another password").problem(422, "idempotency-key-reused");
    world.anonymous().member("acme", &user, PASSWORD);
}
