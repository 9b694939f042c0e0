//! A deactivated user comes back: with a seat, by the power of who does it, and without the sessions of before.

use client::id;
use serde_json::json;
use tests::World;
use tests::journey::PASSWORD;

use super::roles::{registered, role, set_roles, signed_in};

#[test]
fn a_reactivated_user_signs_in_again_and_sessions_of_before_stay_ended() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let anonymous = world.anonymous();
    let max = registered(&tenant, "Max", &["member"]);
    let email = max["email"].as_str().unwrap();
    let session = anonymous.log_in("acme", email, PASSWORD).expect(201);
    tenant.admin.reactivate(&max).problem(409, "conflict");
    let gone = tenant.admin.deactivate(&max).expect(200);
    let path = format!("/users/{}/deactivation", id(&max));
    tenant.admin.delete(&path).send().problem(428, "precondition-required");
    tenant.admin.reactivate(&max).problem(412, "precondition-failed");
    let back = tenant.admin.reactivate(&gone).expect(200);
    assert_eq!((&back["status"], &back["version"]), (&json!("active"), &json!(3)));
    assert_eq!(tenant.admin.user(id(&max)), back);
    // The gateway keeps no answer of this token yet.
    let before = anonymous.bearing(session["accessToken"].as_str().unwrap());
    before.get("/me").send().gateway_refusal(403, "Forbidden");
    let refresh = json!({ "refreshToken": session["refreshToken"] });
    anonymous.post("/sessions/refresh", &refresh).send().problem(401, "unauthorized");
    anonymous.member("acme", &back, PASSWORD).get("/me").send().expect(200);
    world.wait_until_consumed();
    let audit = tenant.admin.get("/audit?kind=user.reactivated").send().expect(200);
    assert_eq!(client::items(&audit["items"]).len(), 1);
}

#[test]
fn a_reactivation_takes_a_seat() {
    let world = World::start_unlimited();
    let tenant = world.tenant_of_tier("acme", "free");
    let gone = tenant.admin.deactivate(&registered(&tenant, "Max", &["member"])).expect(200);
    for number in 2..=10 {
        registered(&tenant, &format!("User {number}"), &["member"]);
    }
    tenant.admin.reactivate(&gone).problem(409, "quota-reached");
    let other = tenant.admin.get("/users?q=user.2").send().expect(200)["items"][0].take();
    tenant.admin.delete_user(&other).expect(204);
    tenant.admin.reactivate(&gone).expect(200);
    let usage = tenant.admin.get("/tenant/usage").send().expect(200);
    assert_eq!(usage["counts"]["users"], 10);
}

/// The roles of a deactivated user are not counted, and are again once the user is back.
#[test]
fn a_reactivation_takes_the_power_of_the_user_s_roles_and_counts_them() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let personnel = role(&tenant, "Personnel", &["users:read", "users:manage"]);
    let auditor = role(&tenant, "Auditor", &["audit:read"]);
    let eve = signed_in(&world, &registered(&tenant, "Eve", &["member", &personnel]));
    let aud = tenant.admin.deactivate(&registered(&tenant, "Aud", &["member", &auditor])).expect(200);
    let abe = registered(&tenant, "Abe", &["admin"]);
    let former = signed_in(&world, &abe);
    eve.reactivate(&aud).problem(403, "forbidden");
    set_roles(&tenant.admin, &abe, &["member"]).expect(200);
    former.reactivate(&aud).problem(403, "forbidden");
    tenant.admin.reactivate(&aud).expect(200);
    let removal = || tenant.admin.delete(&format!("/roles/{auditor}")).header("if-match", "*").send();
    let told = removal().problem(409, "conflict");
    assert!(told["detail"].as_str().unwrap().starts_with("1 user has this role"), "{told}");
    tenant.admin.deactivate(&tenant.admin.user(id(&aud))).expect(200);
    removal().expect(204);
}
