//! Roles of a tenant's own: how they are defined, what they let their users do, and what they cannot hold.

use client::{Admin, eventually, id, items};
use serde_json::{Value, json};
use tests::journey::PASSWORD;
use tests::{Tenant, World};

pub(crate) fn define(by: &Admin, name: &str, permissions: &[&str]) -> client::Response {
    by.post("/roles", &json!({ "name": name, "permissions": permissions })).send()
}

/// The id of a new role.
pub(crate) fn role(tenant: &Tenant, name: &str, permissions: &[&str]) -> String {
    id(&define(&tenant.admin, name, permissions).expect(201)).to_owned()
}

/// A new user with these roles.
pub(crate) fn registered(tenant: &Tenant, name: &str, roles: &[&str]) -> Value {
    let email = tenant.address(name);
    let body = json!({ "name": name, "email": email, "roles": roles, "password": PASSWORD });
    tenant.admin.post("/users", &body).send().expect(201)
}

/// Signed in, with the gateway's answers for this user's reads and changes of users cached.
pub(crate) fn signed_in(world: &World, user: &Value) -> Admin {
    let email = user["email"].as_str().unwrap();
    let session = world.anonymous().log_in("acme", email, PASSWORD).expect(201);
    let client = world.anonymous().bearing(session["accessToken"].as_str().unwrap());
    drop(client.get("/users").send());
    drop(client.me());
    client
}

pub(crate) fn set_roles(by: &Admin, user: &Value, roles: &[&str]) -> client::Response {
    by.update_user(user, &json!({ "roles": roles }))
}

#[test]
fn roles_are_defined_shown_changed_and_removed() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let admin = &tenant.admin;
    let answer = define(admin, "Dispatcher", &["orders:manage", "orders:read"]);
    let dispatcher = answer.expect(201);
    let expected = json!({
        "id": "rol_1", "name": "Dispatcher", "permissions": ["orders:read", "orders:manage"],
        "isBuiltIn": false, "version": 2,
    });
    assert_eq!(dispatcher, expected);
    assert_eq!(answer.header("location"), Some("/roles/rol_1"));
    assert_eq!(answer.header("etag"), Some("\"2\""));

    let member = tenant.member(&world.anonymous(), "Max Member");
    let listed = member.get("/roles").send().expect(200);
    let ids: Vec<&str> = items(&listed["items"]).iter().map(id).collect();
    assert_eq!(ids, ["member", "contributor", "author", "editor", "admin", "rol_1"]);
    assert_eq!(member.get("/roles/rol_1").send().expect(200), dispatcher);
    let built_in = member.get("/roles/member").send().expect(200);
    let permissions = json!(["catalog:read", "orders:place", "posts:read", "comments:write"]);
    assert_eq!((&built_in["permissions"], &built_in["isBuiltIn"]), (&permissions, &json!(true)));
    member.get("/roles/rol_2").send().problem(404, "not-found");

    let change = |change: Value, known: &Value| admin.patch("/roles/rol_1", &change).if_match(known).send();
    let renamed = change(json!({ "name": "Shipping" }), &dispatcher).expect(200);
    assert_eq!((&renamed["name"], &renamed["version"]), (&json!("Shipping"), &json!(3)));
    assert_eq!(renamed["permissions"], dispatcher["permissions"]);
    change(json!({ "name": "Late" }), &dispatcher).problem(412, "precondition-failed");
    let narrowed = change(json!({ "permissions": [] }), &renamed).expect(200);
    assert_eq!(narrowed["permissions"], json!([]));
    admin.delete("/roles/rol_1").if_match(&narrowed).send().expect(204);
    admin.get("/roles/rol_1").send().problem(404, "not-found");
    admin.delete("/roles/rol_1").header("if-match", "*").send().problem(404, "not-found");
    // A number is not used again.
    assert_eq!(id(&define(admin, "Dispatcher", &[]).expect(201)), "rol_2");
    admin
        .patch("/roles/admin", &json!({ "name": "X" }))
        .header("if-match", "*")
        .send()
        .problem(422, "validation");
}

#[test]
fn a_role_has_no_owner_s_and_no_unknown_permission_and_a_name_of_its_own() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let admin = &tenant.admin;
    role(&tenant, "Auditor", &["audit:read"]);
    let known = admin.get("/roles/rol_1").send().expect(200);
    for (permissions, field) in [
        (json!(["tenant:own"]), "/permissions"),
        (json!(["audit:read", "sign-in:manage"]), "/permissions"),
        (json!(["moon:visit"]), "/permissions/0"),
        (json!(["audit:read", "Audit:read"]), "/permissions/1"),
        (json!("audit:read"), "/permissions"),
        (json!(null), "/permissions"),
    ] {
        let body = json!({ "name": "Other", "permissions": permissions });
        let change = json!({ "permissions": permissions });
        for refused in [admin.post("/roles", &body), admin.patch("/roles/rol_1", &change).if_match(&known)] {
            let problem = refused.send().problem(422, "validation");
            assert_eq!(problem["errors"][0]["field"], field, "{body}");
        }
    }
    for name in ["", " Auditor", "x\ny", &"x".repeat(33)] {
        define(admin, name, &[]).problem(422, "validation");
    }
    for taken in ["auditor", "Admin", "OWNER"] {
        define(admin, taken, &[]).problem(409, "conflict");
    }
    assert_eq!(admin.get("/roles/rol_1").send().expect(200), known);
}

#[test]
fn a_tenant_has_50_roles_in_4_kb() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let all = [
        "tenant:manage",
        "users:read",
        "users:manage",
        "roles:manage",
        "audit:read",
        "catalog:read",
        "catalog:manage",
        "orders:place",
        "orders:read",
        "orders:manage",
        "posts:read",
        "posts:write",
        "posts:publish",
        "posts:manage",
    ];
    for number in 1..=50 {
        define(&tenant.admin, &format!("A role with a name, number {number:02}"), &all).expect(201);
    }
    let full = define(&tenant.admin, "One more", &[]).problem(409, "conflict");
    assert!(full["detail"].as_str().unwrap().contains("50 roles"), "{full}");

    let other = world.tenant("globex");
    // 32 characters of four bytes each.
    let name = |number: usize| format!("{}{number:02}", "\u{1f600}".repeat(30));
    let fitted =
        (1..=50).take_while(|number| define(&other.admin, &name(*number), &all).status == 201).count();
    assert!((20..40).contains(&fitted), "{fitted}");
    let refused = define(&other.admin, &name(99), &all).problem(409, "conflict");
    assert!(refused["detail"].as_str().unwrap().contains("4 KB"), "{refused}");
    let prefix = format!("T#{0}#roles#{0}", other.id);
    let rows = world.scan();
    let book = rows.iter().find(|row| row["pk"]["S"] == prefix.as_str() && row["sk"]["S"] == "-").unwrap();
    assert!(book.to_string().len() < 4096 + 256, "{}", book.to_string().len());
}

#[test]
fn a_role_in_use_stays_and_says_how_many_have_it() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let admin = &tenant.admin;
    let auditor = role(&tenant, "Auditor", &["audit:read"]);
    let users = ["Ann", "Bob"].map(|name| registered(&tenant, name, &["member", &auditor]));
    let path = format!("/roles/{auditor}");
    let remove = || {
        let known = admin.get(&path).send().expect(200);
        admin.delete(&path).if_match(&known).send()
    };
    let detail = |answer: client::Response| answer.problem(409, "conflict")["detail"].clone();
    assert_eq!(detail(remove()), "2 users have this role; give them another one first.");
    set_roles(admin, &users[0], &["member"]).expect(200);
    assert_eq!(detail(remove()), "1 user has this role; give them another one first.");
    // Renaming the user does not count again, and a deactivated one does not count.
    let renamed = admin.update_user(&users[1], &json!({ "name": "Robert" })).expect(200);
    assert_eq!(detail(remove()), "1 user has this role; give them another one first.");
    admin.deactivate(&renamed).expect(200);
    remove().expect(204);
    set_roles(admin, &admin.user(id(&users[0])), &[&auditor]).problem(422, "validation");
}

#[test]
fn what_a_role_of_the_tenant_s_own_permits_is_open_and_nothing_else() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let order = tenant.order();
    eventually("the order is listed", || {
        let page = tenant.admin.get("/orders").send().expect(200);
        (!items(&page["items"]).is_empty()).then_some(())
    });
    let reader = role(&tenant, "Reader", &["orders:read"]);
    let manager = role(&tenant, "Manager", &["orders:read", "orders:manage"]);
    let reader = signed_in(&world, &registered(&tenant, "Rita", &[&reader]));
    let manager = signed_in(&world, &registered(&tenant, "Mona", &[&manager]));
    let member = signed_in(&world, &registered(&tenant, "Max", &["member"]));
    for (client, seen) in [(&reader, 1), (&manager, 1), (&member, 0)] {
        let page = client.get("/orders").send().expect(200);
        assert_eq!(items(&page["items"]).len(), seen);
        assert_eq!(items(&client.dashboard()["recentOrders"]).len(), seen);
    }
    let path = format!("/orders/{}", id(&order));
    member.get(&path).send().problem(404, "not-found");
    member.get("/orders?customer=usr_0190b5b4a3b27c10b5a58d0a3b8a1c2d").send().problem(403, "forbidden");
    member.confirm(&order).problem(404, "not-found");
    assert_eq!(reader.order(&order), order);
    // The route takes orders:place or orders:manage, of which a reader holds neither.
    reader.confirm(&order).problem(403, "forbidden");
    manager.post("/orders", &json!({ "lines": [] })).send().problem(403, "forbidden");
    manager.get("/products").send().problem(403, "forbidden");
    manager.confirm(&order).expect(200);
    // Who places orders and reads those of all changes none of others.
    let other = tenant.order();
    let both = role(&tenant, "Both", &["orders:place", "orders:read"]);
    let both = signed_in(&world, &registered(&tenant, "Bo", &[&both]));
    let told = both.confirm(&other).problem(403, "forbidden");
    assert!(told["detail"].as_str().unwrap().contains("orders:manage"), "{told}");
}

#[test]
fn who_manages_orders_is_told_of_them_and_who_does_not_any_more_is_not() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let manager = role(&tenant, "Manager", &["orders:manage"]);
    let [mona, max, former, editor] =
        [("Mona", &*manager), ("Max", "member"), ("Fay", &*manager), ("Ed", "editor")]
            .map(|(name, role)| registered(&tenant, name, &["member", role]));
    set_roles(&tenant.admin, &former, &["member"]).expect(200);
    let clients = [&mona, &max, &former, &editor].map(|user| signed_in(&world, user));
    let order = tenant.settled_order();
    world.wait_until_consumed();
    let told = |client: &Admin| {
        let page = client.notifications();
        items(&page["items"]).iter().any(|notification| notification["orderId"] == order["id"])
    };
    assert_eq!(clients.each_ref().map(told), [true, false, false, false]);
    assert!(told(&tenant.admin));
}
