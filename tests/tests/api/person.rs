//! A person's way through a tenant, from the invitation to the deletion.

use client::{Response, eventually};
use serde_json::{Value, json};
use tests::World;
use tests::journey::PASSWORD;

use super::invitations::{accept, invite};
use super::roles::set_roles;

const IDA: &str = "ida@acme.example";
const MOVED: &str = "ida.king@acme.example";
const CHANGED: &str = "another good password";

#[test]
fn a_person_is_invited_promoted_moved_reset_demoted_and_deleted() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let admin = &tenant.admin;
    let log_in = |email: &str, password: &str| world.anonymous().log_in("acme", email, password);
    let status = |answer: &Response| answer.status;
    let users = || {
        world.operator().get(&format!("/tenants/{}", tenant.id)).send().expect(200)["counts"]["users"].clone()
    };

    let user = invite(admin, "Ida", IDA, &["member"])["user"].as_str().unwrap().to_owned();
    assert_eq!((users(), status(&log_in(IDA, PASSWORD))), (json!(2), 401));
    accept(&world, &world.mailed_token(IDA, 0), PASSWORD).expect(204);
    let session = log_in(IDA, PASSWORD).expect(201);
    let ida = world.anonymous().bearing(session["accessToken"].as_str().unwrap());
    assert_eq!(ida.me()["id"], json!(user));
    ida.get("/users").send().problem(403, "forbidden");

    set_roles(admin, &admin.user(&user), &["admin"]).expect(200);
    // Another session has an answer of its own from the authorizer.
    let promoted = log_in(IDA, PASSWORD).expect(201);
    let promoted = world.anonymous().bearing(promoted["accessToken"].as_str().unwrap());
    promoted.get("/users").send().expect(200);

    promoted.change_email(MOVED, PASSWORD).expect(202);
    let token = json!({ "token": world.mailed_token(MOVED, 0) });
    world.anonymous().post("/email-changes/redemption", &token).send().expect(204);
    assert_eq!((status(&log_in(IDA, PASSWORD)), status(&log_in(MOVED, PASSWORD))), (401, 201));

    let reset = json!({ "token": world.reset_token("acme", MOVED), "newPassword": CHANGED });
    world.anonymous().post("/password-resets/redemption", &reset).send().expect(204);
    assert_eq!((status(&log_in(MOVED, PASSWORD)), status(&log_in(MOVED, CHANGED))), (401, 201));
    let refresh = json!({ "refreshToken": session["refreshToken"] });
    world.anonymous().post("/sessions/refresh", &refresh).send().problem(401, "unauthorized");

    set_roles(admin, &admin.user(&user), &["member"]).expect(200);
    let demoted = log_in(MOVED, CHANGED).expect(201);
    let demoted = world.anonymous().bearing(demoted["accessToken"].as_str().unwrap());
    demoted.get("/users").send().problem(403, "forbidden");

    admin.delete_user(&admin.user(&user)).expect(204);
    assert_eq!((users(), status(&log_in(MOVED, CHANGED))), (json!(1), 401));
    admin.get(&format!("/users/{user}")).send().problem(404, "not-found");

    let told = [
        "user.deleted",
        "user.updated",
        "user.passwordChanged",
        "link.requested",
        "user.emailChanged",
        "link.requested",
        "user.updated",
        "user.registered",
        "link.requested",
        "user.invited",
    ];
    eventually("the audit has it all", || {
        let rows = admin.get("/audit?limit=100").send().expect(200)["items"].take();
        let of_ida = |row: &&Value| row["aggregate"]["id"] == user.as_str();
        let kinds: Vec<&str> =
            rows.as_array()?.iter().filter(of_ida).filter_map(|row| row["kind"].as_str()).collect();
        let mut sorted = [kinds.clone(), told.to_vec()];
        sorted.iter_mut().for_each(|kinds| kinds.sort_unstable());
        (sorted[0] == sorted[1]).then_some(())
    });
}
