//! A user is deleted: the id is left, and nothing that says who it was.

use client::{Response, id, items};
use serde_json::{Value, json};
use tests::journey::PASSWORD;
use tests::{Tenant, World};

use super::escalation::{owner, transfer};
use super::roles::{registered, role, set_roles, signed_in};

fn users(tenant: &Tenant) -> u64 {
    tenant.admin.get("/tenant/usage").send().expect(200)["counts"]["users"].as_u64().unwrap()
}

fn statuses(answers: &[Response]) -> Vec<u16> {
    answers.iter().map(|answer| answer.status).collect()
}

#[test]
fn a_deleted_user_is_gone_everywhere_and_the_address_is_free() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let anonymous = world.anonymous();
    let own_role = role(&tenant, "Dispatcher", &["orders:read", "orders:manage"]);
    let max = registered(&tenant, "Max", &["member", &own_role]);
    let email = max["email"].as_str().unwrap();
    let path = format!("/users/{}", id(&max));
    let member = anonymous.member("acme", &max, PASSWORD);
    let unseen = anonymous.log_in("acme", email, PASSWORD).expect(201);
    let order = member.place_order(&tenant.admin.create_product("Desk lamp", 1250), 1);
    let token = world.reset_token("acme", email);
    let user = tenant.admin.user(id(&max));
    tenant.admin.delete(&path).send().problem(428, "precondition-required");
    let mut stale = user.clone();
    stale["version"] = json!(7);
    tenant.admin.delete_user(&stale).problem(412, "precondition-failed");
    assert_eq!(users(&tenant), 2);
    tenant.admin.delete_user(&user).expect(204);

    assert_eq!(users(&tenant), 1);
    let admin = &tenant.admin;
    for answer in [
        admin.get(&path).send(),
        admin.delete_user(&user),
        admin.update_user(&user, &json!({ "name": "X" })),
        admin.deactivate(&user),
        admin.reactivate(&user),
        admin.get(&format!("{path}/sessions")).send(),
        admin.delete(&format!("{path}/sessions")).send(),
    ] {
        answer.problem(404, "not-found");
    }
    assert_eq!(items(&admin.get("/users").send().expect(200)["items"]).len(), 1);
    // Of the second session, the gateway keeps no answer.
    let access = anonymous.bearing(unseen["accessToken"].as_str().unwrap());
    access.get("/me").send().gateway_refusal(403, "Forbidden");
    let refresh = json!({ "refreshToken": unseen["refreshToken"] });
    anonymous.post("/sessions/refresh", &refresh).send().problem(401, "unauthorized");
    anonymous.log_in("acme", email, PASSWORD).problem(401, "unauthorized");
    let redeem = json!({ "token": token, "newPassword": "another good password" });
    anonymous.post("/password-resets/redemption", &redeem).send().problem(422, "validation");
    // The role is in use no more, and the order knows the id.
    admin.delete(&format!("/roles/{own_role}")).header("if-match", "*").send().expect(204);
    assert_eq!(admin.order(&order)["customer"], order["customer"]);

    let again = admin.register("Another", email, "member", PASSWORD).expect(201);
    assert_ne!(again["id"], max["id"]);
    anonymous.log_in("acme", email, PASSWORD).expect(201);
    world.wait_until_consumed();
    let audit = admin.get("/audit?kind=user.deleted").send().expect(200);
    assert_eq!(audit["items"][0]["aggregate"], json!({ "kind": "user", "id": max["id"] }));
}

#[test]
fn a_deactivated_user_is_deleted_and_gives_back_no_seat_twice() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let gone = tenant.admin.deactivate(&registered(&tenant, "Max", &["member"])).expect(200);
    assert_eq!(users(&tenant), 1);
    tenant.admin.delete_user(&gone).expect(204);
    assert_eq!(users(&tenant), 1);
}

#[test]
fn nobody_deletes_the_owner_themselves_or_whom_they_may_not_change() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let personnel = role(&tenant, "Personnel", &["users:read", "users:manage"]);
    let eve_user = registered(&tenant, "Eve", &["member", &personnel]);
    let eve = signed_in(&world, &eve_user);
    let abe = registered(&tenant, "Abe", &["admin"]);
    let (an_admin, first) = (signed_in(&world, &abe), tenant.admin.me());
    eve.delete_user(&abe).problem(403, "forbidden");
    an_admin.delete_user(&first).problem(403, "forbidden");
    tenant.admin.delete_user(&first).problem(409, "conflict");
    eve.delete_user(&eve_user).problem(409, "conflict");
    // The cached answer still says that they may.
    set_roles(&tenant.admin, &abe, &["member"]).expect(200);
    an_admin.delete_user(&eve_user).problem(403, "forbidden");
    assert_eq!(users(&tenant), 3);
}

/// The cached answer still lets the requests of a deleted user through.
#[test]
fn who_was_deleted_does_nothing_any_more() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let max = registered(&tenant, "Max", &["member"]);
    let abe = registered(&tenant, "Abe", &["admin"]);
    let former = signed_in(&world, &abe);
    tenant.admin.delete_user(&abe).expect(204);
    let known = owner(&tenant.admin);
    let own = former.patch("/me", &json!({ "name": "Still here" })).if_match(&abe).send();
    for answer in [
        own,
        former.get("/me").send(),
        former.register("Eve", "eve@acme.example", "member", PASSWORD),
        former.delete_user(&max),
        former.update_user(&max, &json!({ "name": "Mine" })),
        transfer(&former, &known, &max),
    ] {
        answer.problem(403, "forbidden");
    }
    transfer(&tenant.admin, &known, &abe).problem(422, "validation");
    assert_eq!(users(&tenant), 2);
}

#[test]
fn of_deletion_and_change_at_once_one_wins_and_the_count_is_right() {
    let world = World::start();
    let tenant = world.tenant("acme");
    for round in 0..5 {
        let user = registered(&tenant, &format!("User {round}"), &["member"]);
        let (admin, change) = (&tenant.admin, json!({ "roles": ["editor"] }));
        let answers: Vec<Response> = std::thread::scope(|scope| {
            let racers = [
                scope.spawn(|| admin.delete_user(&user)),
                scope.spawn(|| admin.delete_user(&user)),
                scope.spawn(|| admin.update_user(&user, &change)),
                scope.spawn(|| admin.deactivate(&user)),
            ];
            racers.into_iter().map(|racer| racer.join().unwrap()).collect()
        });
        let statuses = statuses(&answers);
        let won = statuses.iter().filter(|status| **status < 300).count();
        assert_eq!(won, 1, "{statuses:?}");
        assert!(statuses.iter().all(|status| [200, 204, 404, 409, 412].contains(status)), "{statuses:?}");
        // Who was not deleted is, unless deactivated meanwhile; nobody of this round is counted then.
        let left = admin.get(&format!("/users/{}", id(&user))).send();
        if left.status == 200 {
            admin.delete_user(&left.json()).expect(204);
        }
        assert_eq!(users(&tenant), 1);
    }
}

/// Events that come late find nobody, and stop at that.
#[test]
fn nobody_is_told_of_anything_after_the_deletion() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let abe = registered(&tenant, "Abe", &["admin"]);
    tenant.admin.delete_user(&abe).expect(204);
    world.wait_until_consumed();
    let before = mails_to(&world, abe["email"].as_str().unwrap());
    tenant.settled_order();
    world.publish_again();
    world.wait_until_consumed();
    assert_eq!(mails_to(&world, abe["email"].as_str().unwrap()), before);
    let inbox = format!("T#{}#inbox#{}", tenant.id, id(&abe));
    let is_of_inbox = |row: &Value| row["pk"]["S"] == inbox.as_str();
    assert!(!world.scan().iter().any(is_of_inbox), "a notification for nobody");
}

fn mails_to(world: &World, email: &str) -> usize {
    world.cloud().mailbox().iter().filter(|mail| mail.to == [email.to_owned()]).count()
}
