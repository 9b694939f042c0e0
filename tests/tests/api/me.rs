use serde_json::json;
use tests::World;

#[test]
fn me_is_the_user_of_the_token_in_its_tenant() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let me = tenant.admin.get("/me").send().expect(200);
    assert_eq!(
        me,
        json!({
            "id": tenant.admin_id, "name": "Ada Admin", "email": "ada@acme.example", "roles": ["admin"],
            "isOwner": true, "status": "active", "createdAt": me["createdAt"],
            "lastSignInAt": me["lastSignInAt"], "tenantId": tenant.id, "version": 1,
            "permissions": [
                "tenant:own", "sign-in:manage", "tenant:manage", "users:read", "users:manage", "roles:manage",
                "audit:read", "catalog:read", "catalog:manage", "orders:place", "orders:read", "orders:manage",
                "posts:read", "posts:write", "posts:publish", "posts:manage",
                "comments:write", "comments:moderate",
            ],
            "features": ["audit", "comments"],
        })
    );
}

#[test]
fn me_says_what_the_user_may_and_the_tenant_has() {
    let world = World::start();
    let tenant = world.tenant_of_tier("acme", "free");
    let me = tenant.member(&world.anonymous(), "Max Member").get("/me").send().expect(200);
    assert_eq!((&me["isOwner"], &me["features"]), (&json!(false), &json!([])));
    assert_eq!(me["permissions"], json!(["catalog:read", "orders:place", "posts:read", "comments:write"]));
}

#[test]
fn users_rename_themselves_alone_and_need_no_permission() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let member = tenant.member(&world.anonymous(), "Max Member");
    let me = member.me();
    member.patch("/me", &json!({ "name": "Max" })).send().problem(428, "precondition-required");
    let renamed = member.rename(&me, "Maximilian").expect(200);
    assert_eq!((&renamed["name"], &renamed["version"]), (&json!("Maximilian"), &json!(2)));
    member.rename(&me, "Late").problem(412, "precondition-failed");
    let mut shown = member.get("/me").send().expect(200);
    shown.as_object_mut().unwrap().remove("lastSignInAt").unwrap();
    assert_eq!(shown, renamed);
    for more in
        [json!({ "name": "Max", "roles": ["admin"] }), json!({ "name": "Max", "email": "a@b.example" })]
    {
        member.patch("/me", &more).if_match(&renamed).send().problem(422, "validation");
    }
    assert_eq!(tenant.admin.user(&member.id), member.me());
}

#[test]
fn a_tenant_header_that_agrees_changes_nothing() {
    let world = World::start();
    let tenant = world.tenant("acme");
    tenant.admin.get("/me").header("x-tenant-id", &tenant.id).send().expect(200);
}
