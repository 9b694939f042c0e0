//! Nobody comes to more than they were given, also while the gateway keeps an answer that is out of date. Each user here
//! has such an answer: `signed_in` asks for it.

use client::{Admin, id};
use serde_json::{Value, json};
use tests::journey::PASSWORD;
use tests::{Tenant, World};

use super::roles::{define, registered, role, set_roles, signed_in};

pub(crate) fn owner(by: &Admin) -> Value {
    by.get("/tenant/owner").send().expect(200)
}

pub(crate) fn transfer(by: &Admin, known: &Value, to: &Value) -> client::Response {
    by.put("/tenant/owner", &json!({ "user": id(to) })).if_match(known).send()
}

/// What is stored of users and roles, but for what orders and sessions are.
fn state(tenant: &Tenant) -> [Value; 3] {
    let mut state =
        ["/users", "/roles", "/tenant/owner"].map(|path| tenant.admin.get(path).send().expect(200));
    for user in state[0]["items"].as_array_mut().unwrap() {
        user.as_object_mut().unwrap().remove("lastSignInAt");
    }
    state
}

#[test]
fn one_gives_only_what_one_holds() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let personnel = role(&tenant, "Personnel", &["users:read", "users:manage", "roles:manage"]);
    let auditor = role(&tenant, "Auditor", &["audit:read"]);
    let eve = registered(&tenant, "Eve", &["member", &personnel]);
    let max = registered(&tenant, "Max", &["member"]);
    let before = state(&tenant);
    let by_eve = signed_in(&world, &eve);
    let own = by_eve.me();
    for roles in [&["admin"][..], &["member", &auditor], &["member", "admin", &personnel]] {
        let new = json!({ "name": "New", "email": "new@acme.example", "roles": roles, "password": PASSWORD });
        by_eve.post("/users", &new).send().problem(403, "forbidden");
        set_roles(&by_eve, &max, roles).problem(403, "forbidden");
        let told = set_roles(&by_eve, &own, roles).problem(403, "forbidden");
        assert!(told["detail"].as_str().unwrap().contains("audit:read"), "{told}");
    }
    define(&by_eve, "More", &["audit:read"]).problem(403, "forbidden");
    assert_eq!(state(&tenant), before);
    let given = set_roles(&by_eve, &max, &["member", &personnel]).expect(200);
    assert_eq!(given["roles"], json!(["member", personnel]));
    define(&by_eve, "Less", &["orders:place"]).expect(201);
}

#[test]
fn one_sees_and_ends_only_the_sessions_of_whom_one_may_touch() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let personnel = role(&tenant, "Personnel", &["users:read", "users:manage"]);
    let eve = signed_in(&world, &registered(&tenant, "Eve", &["member", &personnel]));
    let path = format!("/users/{}/sessions", tenant.admin_id);
    eve.get(&path).send().problem(403, "forbidden");
    eve.delete(&path).send().problem(403, "forbidden");
    let max = registered(&tenant, "Max", &["member"]);
    eve.get(&format!("/users/{}/sessions", id(&max))).send().expect(200);
}

#[test]
fn one_touches_only_whose_permissions_are_within_one_s_own() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let personnel = role(&tenant, "Personnel", &["users:read", "users:manage", "roles:manage"]);
    let auditor = role(&tenant, "Auditor", &["audit:read"]);
    let [ada, abe, aud] = [("Abe", "admin"), ("Bea", "admin"), ("Aud", &*auditor)]
        .map(|(name, role)| registered(&tenant, name, &["member", role]));
    let eve = signed_in(&world, &registered(&tenant, "Eve", &["member", &personnel]));
    let an_admin = signed_in(&world, &ada);
    let first = tenant.admin.me();
    let before = state(&tenant);
    for above in [&abe, &aud, &first] {
        eve.update_user(above, &json!({ "name": "Mine" })).problem(403, "forbidden");
        set_roles(&eve, above, &["member"]).problem(403, "forbidden");
        eve.deactivate(above).problem(403, "forbidden");
    }
    // The owner is the owner's alone.
    an_admin.update_user(&first, &json!({ "name": "Mine" })).problem(403, "forbidden");
    set_roles(&an_admin, &first, &["member"]).problem(403, "forbidden");
    an_admin.deactivate(&first).problem(403, "forbidden");
    // The role's old set counts as well as the new one.
    let known = owner(&eve);
    let path = format!("/roles/{auditor}");
    eve.patch(&path, &json!({ "permissions": [] })).if_match(&known).send().problem(403, "forbidden");
    eve.delete(&path).if_match(&known).send().problem(403, "forbidden");
    assert_eq!(state(&tenant), before);
    an_admin.deactivate(&abe).expect(200);
    an_admin.patch(&path, &json!({ "permissions": [] })).if_match(&known).send().expect(200);
}

#[test]
fn a_role_that_one_holds_is_changed_by_the_owner_alone() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let own = role(&tenant, "Own", &["roles:manage", "orders:read"]);
    let eve = signed_in(&world, &registered(&tenant, "Eve", &["member", &own]));
    let admin = signed_in(&world, &registered(&tenant, "Abe", &["admin", &own]));
    let path = format!("/roles/{own}");
    let known = owner(&eve);
    for by in [&eve, &admin] {
        for permissions in [json!(["roles:manage", "orders:read", "orders:manage"]), json!([])] {
            let change = json!({ "permissions": permissions });
            by.patch(&path, &change).if_match(&known).send().problem(403, "forbidden");
        }
        by.delete(&path).if_match(&known).send().problem(403, "forbidden");
    }
    set_roles(&tenant.admin, &tenant.admin.me(), &["admin", &own]).expect(200);
    let change = json!({ "permissions": ["roles:manage"] });
    tenant.admin.patch(&path, &change).if_match(&known).send().expect(200);
}

/// The cached answer still says that they may; what is stored decides.
#[test]
fn who_was_demoted_neither_defines_nor_changes_roles_nor_takes_the_own_back() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let helper = role(&tenant, "Helper", &["orders:read"]);
    let abe = registered(&tenant, "Abe", &["admin"]);
    let former = signed_in(&world, &abe);
    set_roles(&tenant.admin, &abe, &["member"]).expect(200);
    let before = state(&tenant);
    let known = owner(&former);
    define(&former, "Mine", &["orders:read"]).problem(403, "forbidden");
    let path = format!("/roles/{helper}");
    let more = json!({ "permissions": ["users:manage"] });
    former.patch(&path, &more).if_match(&known).send().problem(403, "forbidden");
    former.delete(&path).if_match(&known).send().problem(403, "forbidden");
    set_roles(&former, &former.me(), &["admin"]).problem(403, "forbidden");
    transfer(&former, &known, &abe).problem(403, "forbidden");
    assert_eq!(state(&tenant), before);
}

/// The role was narrowed, and the user's own row is as it was.
#[test]
fn who_lost_a_permission_with_the_role_does_not_give_it_any_more() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let personnel = role(&tenant, "Personnel", &["users:manage", "audit:read"]);
    let auditor = role(&tenant, "Auditor", &["audit:read"]);
    let shopper = role(&tenant, "Shopper", &["orders:place"]);
    let eve = signed_in(&world, &registered(&tenant, "Eve", &["member", &personnel]));
    let max = registered(&tenant, "Max", &["member"]);
    let given = set_roles(&eve, &max, &["member", &auditor]).expect(200);
    let change = json!({ "permissions": ["users:manage"] });
    let path = format!("/roles/{personnel}");
    tenant.admin.patch(&path, &change).if_match(&owner(&eve)).send().expect(200);
    set_roles(&eve, &given, &["member"]).problem(403, "forbidden");
    let other = registered(&tenant, "Moe", &["member"]);
    set_roles(&eve, &other, &["member", &auditor]).problem(403, "forbidden");
    set_roles(&eve, &other, &["contributor"]).problem(403, "forbidden");
    set_roles(&eve, &other, &["member", &shopper]).expect(200);
}

#[test]
fn the_owner_makes_an_active_admin_the_owner_and_stays_an_admin() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let abe = registered(&tenant, "Abe", &["admin"]);
    let max = registered(&tenant, "Max", &["member"]);
    let gone = registered(&tenant, "Gone", &["admin"]);
    tenant.admin.deactivate(&gone).expect(200);
    let heir = signed_in(&world, &abe);
    let known = owner(&heir);
    assert_eq!(known["owner"], tenant.admin_id);
    let put = |body: &Value| tenant.admin.put("/tenant/owner", body).if_match(&known).send();
    for no_successor in [&max, &gone] {
        transfer(&tenant.admin, &known, no_successor).problem(409, "conflict");
    }
    let nobody = "usr_0190b5b4a3b27c10b5a58d0a3b8a1c2d";
    assert_eq!(put(&json!({ "user": nobody })).problem(422, "validation")["errors"][0]["field"], "/user");
    put(&json!({ "user": null })).problem(422, "validation");
    tenant
        .admin
        .put("/tenant/owner", &json!({ "user": id(&abe) }))
        .send()
        .problem(428, "precondition-required");
    transfer(&heir, &known, &abe).problem(403, "forbidden");
    let moved = transfer(&tenant.admin, &known, &abe).expect(200);
    assert_eq!((&moved["owner"], &moved["version"]), (&abe["id"], &json!(2)));
    assert_eq!(owner(&heir), moved);
    // The gateway still says that the former owner owns the tenant.
    transfer(&tenant.admin, &moved, &tenant.admin.me()).problem(403, "forbidden");
    tenant.admin.deactivate(&abe).problem(403, "forbidden");
    let shown = tenant.admin.user(id(&abe));
    assert_eq!(shown["isOwner"], true);
    assert_eq!(tenant.admin.user(&tenant.admin_id)["isOwner"], false);
    // The heir's cached answer says that they do not, and what is stored that they do.
    let first = tenant.admin.user(&tenant.admin_id);
    set_roles(&heir, &first, &["member"]).expect(200);
}

#[test]
fn of_two_transfers_at_once_one_wins() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let heirs = ["Abe", "Bea"].map(|name| registered(&tenant, name, &["admin"]));
    let known = owner(&tenant.admin);
    let statuses = std::thread::scope(|scope| {
        let both = heirs.each_ref().map(|heir| {
            let (tenant, known) = (&tenant, &known);
            scope.spawn(move || transfer(&tenant.admin, known, heir).status)
        });
        both.map(|one| one.join().unwrap())
    });
    let won = statuses.iter().position(|status| *status == 200).unwrap_or_else(|| panic!("{statuses:?}"));
    assert!([403, 409, 412].contains(&statuses[1 - won]), "{statuses:?}");
    assert_eq!(owner(&tenant.admin)["owner"], heirs[won]["id"]);
}

/// Of a transfer to an admin and that admin's demotion, one comes first: the owner is an admin in any case.
#[test]
fn whom_a_transfer_meets_while_being_demoted_is_either_owner_or_member() {
    let world = World::start();
    let tenant = world.tenant("acme");
    for round in 0..5 {
        let heir = registered(&tenant, &format!("Heir {round}"), &["admin"]);
        let known = owner(&tenant.admin);
        let demoter = signed_in(&world, &registered(&tenant, &format!("Abe {round}"), &["admin"]));
        let (moved, demoted) = std::thread::scope(|scope| {
            let moved = scope.spawn(|| transfer(&tenant.admin, &known, &heir).status);
            let demoted = scope.spawn(|| set_roles(&demoter, &heir, &["member"]).status);
            (moved.join().unwrap(), demoted.join().unwrap())
        });
        assert!((moved == 200) != (demoted == 200), "{moved} {demoted}");
        let now = owner(&demoter)["owner"].clone();
        if moved == 200 {
            assert_eq!((&now, &demoter.user(id(&heir))["roles"]), (&heir["id"], &json!(["admin"])));
            return;
        }
        assert_eq!(now, tenant.admin_id);
    }
}
