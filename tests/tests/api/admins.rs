//! Admins come and go, a tenant keeps its owner, and a deactivated user loses access.

use client::id;
use serde_json::{Value, json};
use tests::journey::PASSWORD;
use tests::{Tenant, World};

fn second_admin(tenant: &Tenant) -> Value {
    tenant.admin.register("Abe Admin", &tenant.address("Abe"), "admin", PASSWORD).expect(201)
}

fn promotion() -> Value {
    json!({ "roles": ["admin"] })
}

fn demotion() -> Value {
    json!({ "roles": ["member"] })
}

#[test]
fn the_owner_stays_active_and_an_admin() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let me = tenant.admin.me();
    let other = second_admin(&tenant);
    for refused in [tenant.admin.update_user(&me, &demotion()), tenant.admin.deactivate(&me)] {
        let problem = refused.problem(409, "conflict");
        assert!(
            problem["detail"].as_str().unwrap().contains("makes somebody else the owner first"),
            "{problem}"
        );
    }
    assert_eq!(tenant.admin.me(), me);

    // All other admins may go.
    let gone = tenant.admin.deactivate(&other).expect(200);
    assert_eq!((&gone["roles"], &gone["status"]), (&json!(["admin"]), &json!("deactivated")));
    let member = tenant.member(&world.anonymous(), "Max Member").me();
    let admin = tenant.admin.update_user(&member, &promotion()).expect(200);
    assert_eq!(tenant.admin.update_user(&admin, &demotion()).expect(200)["roles"], json!(["member"]));
}

#[test]
fn of_two_admins_who_demote_each_other_one_stays() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let admins = ["Abe", "Bea"].map(|name| {
        let user = tenant.admin.register(name, &tenant.address(name), "admin", PASSWORD).expect(201);
        let client = world.anonymous().member("acme", &user, PASSWORD);
        // The gateway caches the permissions of both for a minute, so that only what is stored decides.
        client.get("/users").send().expect(200);
        (client, user)
    });
    let [(abe, as_abe), (bea, as_bea)] = &admins;
    let statuses = std::thread::scope(|scope| {
        let racers = [
            scope.spawn(|| abe.update_user(as_bea, &demotion()).status),
            scope.spawn(|| bea.update_user(as_abe, &demotion()).status),
        ];
        racers.map(|racer| racer.join().unwrap())
    });
    // The second one is no admin any more when it is decided again.
    assert!(matches!(statuses, [200, 403 | 409 | 412] | [403 | 409 | 412, 200]), "{statuses:?}");
    let roles = [abe.me(), bea.me()].map(|user| user["roles"].clone());
    assert_eq!(roles.iter().filter(|roles| **roles == json!(["admin"])).count(), 1, "{roles:?}");
}

/// The gateway keeps its answer that the user is an admin for a minute. What gives or takes power asks the table.
#[test]
fn a_demoted_or_deactivated_admin_can_neither_give_nor_take_power_while_the_answer_is_cached() {
    let lose: [fn(&Tenant, &Value); 2] = [
        |tenant, user| drop(tenant.admin.update_user(user, &demotion()).expect(200)),
        |tenant, user| drop(tenant.admin.deactivate(user).expect(200)),
    ];
    for lose in lose {
        let world = World::start();
        let tenant = world.tenant("acme");
        let member = tenant.member(&world.anonymous(), "Max Member").me();
        let other = second_admin(&tenant);
        let anonymous = world.anonymous();
        let session = anonymous.log_in("acme", other["email"].as_str().unwrap(), PASSWORD).expect(201);
        let former = anonymous.bearing(session["accessToken"].as_str().unwrap());
        // The gateway keeps the answers of each authorizer for a minute.
        former.get("/users").send().expect(200);
        lose(&tenant, &former.me());
        let address = tenant.address("Eve");
        former.register("Eve", &address, "admin", PASSWORD).problem(403, "forbidden");
        former.register("Eve", &address, "member", PASSWORD).problem(403, "forbidden");
        former.update_user(&member, &promotion()).problem(403, "forbidden");
        former.update_user(&member, &json!({ "name": "Mine" })).problem(403, "forbidden");
        former.deactivate(&member).problem(403, "forbidden");
        let me = tenant.admin.me();
        former.update_user(&me, &demotion()).problem(403, "forbidden");
        former.deactivate(&me).problem(403, "forbidden");
        let own = tenant.admin.user(id(&other));
        let promoted = former.update_user(&own, &promotion()).status;
        assert!([403, 409].contains(&promoted), "{promoted}");

        assert_eq!((tenant.admin.me(), tenant.admin.user(id(&other))), (me, own));
        assert_eq!(tenant.admin.user(id(&member)), member);
        let users = tenant.admin.get("/users").send().expect(200);
        assert_eq!(client::items(&users["items"]).len(), 3, "{users}");
    }
}

/// The token was not used before the change, because the gateway caches the authorizer's response for a minute.
#[test]
fn a_role_is_the_user_s_present_one_and_not_the_token_s() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let other = second_admin(&tenant);
    let demoted = world.anonymous().member("acme", &other, PASSWORD);
    let now = tenant.admin.update_user(&other, &demotion()).expect(200);
    demoted.get("/users").send().problem(403, "forbidden");
    assert_eq!(demoted.me(), now);
}

#[test]
fn a_deactivated_user_is_out() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let anonymous = world.anonymous();
    let member = tenant.member(&anonymous, "Max Member");
    let user = tenant.admin.user(&member.id);
    let session = anonymous.log_in("acme", &member.email, PASSWORD).expect(201);
    let path = format!("/users/{}/deactivation", member.id);
    tenant.admin.post_empty(&path).send().problem(428, "precondition-required");
    let mut stale = user.clone();
    stale["version"] = json!(7);
    tenant.admin.deactivate(&stale).problem(412, "precondition-failed");

    let deactivated = tenant.admin.deactivate(&user).expect(200);
    assert_eq!((&deactivated["status"], &deactivated["version"]), (&json!("deactivated"), &json!(2)));
    member.get("/me").send().gateway_refusal(403, "Forbidden");
    let refresh = json!({ "refreshToken": session["refreshToken"] });
    anonymous.post("/sessions/refresh", &refresh).send().problem(401, "unauthorized");
    let refusal = |password: &str| {
        let mut problem = anonymous.log_in("acme", &member.email, password).problem(401, "unauthorized");
        problem["requestId"].take();
        problem
    };
    assert_eq!(refusal(PASSWORD), refusal("a wrong password"));

    tenant.admin.deactivate(&deactivated).problem(409, "conflict");
    tenant.admin.update_user(&deactivated, &promotion()).problem(409, "conflict");
    tenant.admin.register("Max", &member.email, "member", PASSWORD).problem(409, "conflict");
    assert_eq!(tenant.admin.user(&member.id), deactivated);
}

#[test]
fn a_repeated_deactivation_with_its_key_has_the_same_answer() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let user = tenant.member(&world.anonymous(), "Max Member").me();
    let path = format!("/users/{}/deactivation", id(&user));
    let deactivate = || tenant.admin.post_empty(&path).if_match(&user).header("idempotency-key", "k").send();
    let first = deactivate().expect(200);
    let again = deactivate();
    assert_eq!((again.expect(200), again.header("idempotency-replayed")), (first, Some("true")));
}
