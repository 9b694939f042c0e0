//! Whoever is invited chooses the password by a mailed link, and who has invited answers for the roles until then.

use client::{Admin, Response, eventually};
use serde_json::{Value, json};
use tests::journey::PASSWORD;
use tests::{Tenant, World};

use super::escalation::owner;
use super::roles::{registered, role, set_roles, signed_in};

pub(crate) const IDA: &str = "ida@acme.example";

pub(crate) fn invite(by: &Admin, name: &str, email: &str, roles: &[&str]) -> Value {
    let body = json!({ "invitations": [{ "name": name, "email": email, "roles": roles }] });
    by.post("/invitations", &body).send().expect(200)["items"][0].take()
}

pub(crate) fn accept(world: &World, token: &str, password: &str) -> Response {
    let body = json!({ "token": token, "password": password });
    world.anonymous().post("/invitations/redemption", &body).send()
}

/// The one answer to a token that is not good.
pub(crate) fn refuse(answer: &Response) {
    let rule = "must be the token of a link that is still good; ask for a new link";
    let problem = answer.problem(422, "validation");
    assert_eq!(problem["errors"], json!([{ "field": "/token", "rule": rule }]));
}

fn signs_in(world: &World, email: &str) -> bool {
    world.anonymous().log_in("acme", email, PASSWORD).status == 201
}

fn status(tenant: &Tenant, user: &str) -> Value {
    tenant.admin.user(user)["status"].clone()
}

#[test]
fn who_is_invited_chooses_a_password_and_is_a_user() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let invited = invite(&tenant.admin, "Ida", IDA, &["editor"]);
    assert_eq!(invited["email"], IDA);
    let user = invited["user"].as_str().unwrap();
    let shown = tenant.admin.user(user);
    assert_eq!((&shown["status"], &shown["roles"]), (&json!("invited"), &json!(["editor"])));
    let token = world.mailed_token(IDA, 0);
    let mail = world.cloud().mailbox().into_iter().find(|mail| mail.text.contains(&token)).unwrap();
    let html = mail.html.unwrap();
    for part in [&mail.text, &html] {
        assert!(part.contains(&format!("http://localhost:5173/invitation#{token}")), "{part}");
        assert!(part.contains("acme") && !part.contains("Ida") && !part.contains("Ada"), "{part}");
    }
    assert!(!signs_in(&world, IDA));
    let body = json!({ "token": token, "password": PASSWORD, "name": "Ida Invited" });
    world.anonymous().post("/invitations/redemption", &body).send().expect(204);
    assert!(signs_in(&world, IDA));
    let shown = tenant.admin.user(user);
    assert_eq!((&shown["status"], &shown["name"]), (&json!("active"), &json!("Ida Invited")));
    refuse(&accept(&world, &token, PASSWORD));
    let heard = ["user.registered", "link.requested", "user.invited"];
    let rows = eventually("all is recorded", || {
        let rows = tenant.admin.get("/audit?limit=10").send().expect(200)["items"].take();
        heard
            .iter()
            .all(|kind| rows.as_array().unwrap().iter().any(|row| row["kind"] == *kind))
            .then_some(rows)
    });
    let by = |kind: &str| {
        let row =
            rows.as_array().unwrap().iter().find(|row| row["kind"] == kind && row["aggregate"]["id"] == user);
        row.unwrap_or_else(|| panic!("{kind}"))["actor"]["id"].clone()
    };
    assert_eq!(heard.map(by), [json!(user), json!(tenant.admin_id), json!(tenant.admin_id)]);
}

#[test]
fn of_many_invitations_each_has_its_result_and_a_repetition_the_same() {
    let world = World::start();
    let tenant = world.tenant("acme");
    world.change_terms(&tenant.id, &json!({ "limits": { "users": 3 } })).expect(200);
    let one =
        |name: &str, roles: &[&str]| json!({ "name": name, "email": tenant.address(name), "roles": roles });
    let body = json!({ "invitations": [
        one("Ida", &["member"]), one("Ida", &["member"]), one("Nil", &["rol_7"]), one("Ivo", &["admin"]), one("Max", &["member"]),
    ]});
    let send = || tenant.admin.post("/invitations", &body).header("idempotency-key", "all").send();
    let results = send().expect(200);
    let statuses: Vec<Value> =
        results["items"].as_array().unwrap().iter().map(|one| one["problem"]["status"].clone()).collect();
    assert_eq!(statuses, [json!(null), json!(409), json!(422), json!(null), json!(409)], "{results}");
    assert!(
        results["items"][4]["problem"]["detail"].as_str().unwrap().contains("3 active users"),
        "{results}"
    );
    let again = send();
    assert_eq!((again.expect(200), again.header("idempotency-replayed")), (results.clone(), Some("true")));
    // One who is deleted gives the seat back, and the link is good no more.
    let ida = results["items"][0]["user"].as_str().unwrap();
    let token = world.mailed_token("ida@acme.example", 0);
    tenant.admin.delete_user(&tenant.admin.user(ida)).expect(204);
    refuse(&accept(&world, &token, PASSWORD));
    assert!(invite(&tenant.admin, "Max", "max@acme.example", &["member"])["user"].is_string());
    let receipt =
        world.scan().into_iter().find(|row| row["pk"]["S"].as_str().unwrap().contains("#idempotency#"));
    assert!(!receipt.unwrap().to_string().contains('@'));
}

#[test]
fn an_invitation_sent_again_replaces_the_one_before_and_is_not_sent_without_end() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let user = tenant.invite("Ida", IDA, &["member"]);
    let first = world.mailed_token(IDA, 0);
    let path = format!("/users/{user}/invitation");
    let again = || tenant.admin.post_empty(&path).send();
    assert_eq!(again().expect(202), json!({ "expiresIn": 604_800 }));
    let second = world.mailed_token(IDA, 1);
    // A window of counting may end in between.
    let refused = (0..6).map(|_| again()).find(|answer| answer.status == 429);
    refused.expect("there is an end").problem(429, "too-many-requests");
    world.wait_until_consumed();
    refuse(&accept(&world, &first, PASSWORD));
    refuse(&accept(&world, &second, PASSWORD));
    let newest = world.mailed_tokens(IDA).pop().unwrap();
    accept(&world, &newest, PASSWORD).expect(204);
    again().problem(409, "conflict");
    let member = tenant.member(&world.anonymous(), "Max");
    tenant.admin.post_empty(&format!("/users/{}/invitation", member.id)).send().problem(409, "conflict");
}

/// Users come and go, and the mailbox is somebody's.
#[test]
fn one_address_is_not_mailed_links_without_end_whoever_has_it() {
    let world = World::start();
    let tenant = world.tenant("acme");
    // A window of counting may end in between.
    let refused = (0..=6).find_map(|_| {
        let invited = invite(&tenant.admin, "Ida", IDA, &["member"]);
        let Some(user) = invited["user"].as_str() else { return Some(invited) };
        tenant.admin.delete_user(&tenant.admin.user(user)).expect(204);
        None
    });
    let refused = refused.expect("there is an end");
    assert_eq!(refused["problem"]["status"], 429, "{refused}");
    let max = tenant.member(&world.anonymous(), "Max");
    max.change_email(IDA, PASSWORD).problem(429, "too-many-requests");
    assert!(invite(&tenant.admin, "Ivo", "ivo@acme.example", &["member"])["user"].is_string());
    let globex = world.tenant("globex");
    assert!(invite(&globex.admin, "Ida", IDA, &["member"])["user"].is_string(), "of the tenant alone");
    world.wait_until_consumed();
    let counts: Vec<Value> =
        world.scan().into_iter().filter(|row| row["pk"]["S"].as_str().unwrap().ends_with("#asked")).collect();
    assert!(!counts.is_empty());
    assert!(counts.iter().all(|row| row.get("expiresAt").is_some() && !row.to_string().contains('@')));
}

#[test]
fn a_token_that_is_not_good_has_one_answer_and_changes_nothing() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let other = world.tenant("globex");
    let user = tenant.invite("Ida", IDA, &["member"]);
    let good = world.mailed_token(IDA, 0);
    other.invite("Ida", "ida@globex.example", &["member"]);
    let foreign = world.mailed_token("ida@globex.example", 0);
    let reset = world.reset_token("acme", &tenant.email);
    for bad in [
        good[..good.len() - 1].to_owned(),
        good.replace("acme", "globex"),
        good.replace("acme", "nobody"),
        foreign.replace("globex", "acme"),
        reset,
    ] {
        refuse(&accept(&world, &bad, PASSWORD));
    }
    // Nor is it good for another purpose.
    let body = json!({ "token": good, "newPassword": PASSWORD });
    refuse(&world.anonymous().post("/password-resets/redemption", &body).send());
    accept(&world, &good, "short").problem(422, "validation");
    world.suspend(&tenant.id);
    refuse(&accept(&world, &good, PASSWORD));
    world.resume(&tenant.id);
    assert_eq!(status(&tenant, &user), "invited");
    world.wait_until_consumed();
    let partition = format!("T#{}#links#{user}", tenant.id);
    let rows = world.scan().into_iter();
    let mut row = rows
        .into_iter()
        .find(|row| row["pk"]["S"] == partition.as_str() && row.get("doc").is_some())
        .unwrap();
    let until: i64 = row["expiresAt"]["N"].as_str().unwrap().parse().unwrap();
    let left = until - jiff::Timestamp::now().as_second();
    assert!((604_600..=604_800).contains(&left), "{left}");
    let in_time = row.clone();
    row["expiresAt"]["N"] = json!((until - left - 1).to_string());
    world.put_row(&row);
    refuse(&accept(&world, &good, PASSWORD));
    world.put_row(&in_time);
    accept(&world, &good, PASSWORD).expect(204);
}

/// How an inviter, who has this role, loses the right.
type Loss = fn(&Tenant, &Value, &str);

/// Each inviter has an answer of the gateway that says that they still may.
#[test]
fn an_invitation_is_as_good_as_its_inviter_is_now() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let personnel = role(&tenant, "Personnel", &["users:read", "users:manage", "audit:read"]);
    let auditor = role(&tenant, "Auditor", &["audit:read"]);
    let lose: [(&str, Loss); 4] = [
        ("demoted", |tenant, inviter, _| drop(set_roles(&tenant.admin, inviter, &["member"]).expect(200))),
        ("deactivated", |tenant, inviter, _| drop(tenant.admin.deactivate(inviter).expect(200))),
        ("deleted", |tenant, inviter, _| drop(tenant.admin.delete_user(inviter).expect(204))),
        ("of a narrowed role", |tenant, _, personnel| {
            let known = owner(&tenant.admin);
            let change = json!({ "permissions": ["users:read", "users:manage"] });
            let path = format!("/roles/{personnel}");
            tenant.admin.patch(&path, &change).if_match(&known).send().expect(200);
        }),
    ];
    for (number, (how, lose)) in lose.into_iter().enumerate() {
        let inviter = registered(&tenant, &format!("Pia {number}"), &["member", &personnel]);
        let by = signed_in(&world, &inviter);
        let email = format!("ida{number}@acme.example");
        let user = invite(&by, "Ida", &email, &["member", &auditor])["user"].as_str().unwrap().to_owned();
        let token = world.mailed_token(&email, 0);
        lose(&tenant, &inviter, &personnel);
        refuse(&accept(&world, &token, PASSWORD));
        assert_eq!(status(&tenant, &user), "invited", "{how}");
        assert!(!signs_in(&world, &email), "{how}");
        // Whoever still may invites again, and answers for it.
        tenant.admin.post_empty(&format!("/users/{user}/invitation")).send().expect(202);
        let token = world.mailed_token(&email, 1);
        accept(&world, &token, PASSWORD).expect(204);
        assert!(signs_in(&world, &email), "{how}");
    }
}

#[test]
fn one_invites_to_no_more_than_one_holds_and_takes_no_other_s_invitation_over() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let personnel = role(&tenant, "Personnel", &["users:read", "users:manage"]);
    let eve = registered(&tenant, "Eve", &["member", &personnel]);
    let by_eve = signed_in(&world, &eve);
    for roles in [&["admin"][..], &["member", "admin"]] {
        let refused = invite(&by_eve, "Ida", IDA, roles);
        assert_eq!(refused["problem"]["status"], 403, "{refused}");
    }
    let admin = tenant.invite("Ida", IDA, &["admin"]);
    let path = format!("/users/{admin}/invitation");
    by_eve.post_empty(&path).send().problem(403, "forbidden");
    // The cached answer still says that she may.
    set_roles(&tenant.admin, &eve, &["member"]).expect(200);
    assert_eq!(invite(&by_eve, "Ivo", "ivo@acme.example", &["member"])["problem"]["status"], 403);
    let member = tenant.invite("Iris", "iris@acme.example", &["member"]);
    by_eve.post_empty(&format!("/users/{member}/invitation")).send().problem(403, "forbidden");
}

#[test]
fn of_acceptances_at_once_one_wins() {
    let world = World::start();
    let tenant = world.tenant("acme");
    tenant.invite("Ida", IDA, &["admin"]);
    let token = world.mailed_token(IDA, 0);
    let password = |number: usize| format!("the good password {number}");
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let (world, token) = (&world, &token);
        let racers: Vec<_> = (0..4)
            .map(|number| scope.spawn(move || accept(world, token, &password(number)).status))
            .collect();
        racers.into_iter().map(|racer| racer.join().unwrap()).collect()
    });
    let winners: Vec<usize> = (0..4).filter(|number| statuses[*number] == 204).collect();
    assert_eq!(winners.len(), 1, "{statuses:?}");
    assert!(statuses.iter().all(|status| [204, 422].contains(status)), "{statuses:?}");
    assert_eq!(world.anonymous().log_in("acme", IDA, &password(winners[0])).status, 201);
}

/// Who can be told apart from somebody who does not exist?
#[test]
fn who_is_invited_cannot_sign_in_and_gets_no_reset() {
    let world = World::start();
    let tenant = world.tenant("acme");
    tenant.invite("Ida", IDA, &["member"]);
    world.mailed_token(IDA, 0);
    assert_eq!(world.anonymous().log_in("acme", IDA, PASSWORD).status, 401);
    world.ask_for_reset("acme", IDA).expect(202);
    world.wait_until_consumed();
    assert_eq!(world.mailed_tokens(IDA).len(), 1);
}
