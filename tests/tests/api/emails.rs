//! A new e-mail address counts once its mailbox has confirmed it, and the old one is told.

use client::{Response, eventually, id};
use serde_json::{Value, json};
use tests::journey::PASSWORD;
use tests::{Tenant, World};

use super::invitations::refuse;
use super::roles::{registered, role, set_roles, signed_in};

pub(crate) const NEW: &str = "countess@acme.example";

pub(crate) fn confirm(world: &World, token: &str) -> Response {
    world.anonymous().post("/email-changes/redemption", &json!({ "token": token })).send()
}

fn signs_in(world: &World, email: &str) -> bool {
    world.anonymous().log_in("acme", email, PASSWORD).status == 201
}

pub(crate) fn ask(by: &client::Admin, user: &Value, email: &str) -> Response {
    by.put(&format!("/users/{}/email", id(user)), &json!({ "email": email })).send()
}

/// The addresses in the directory, in order.
fn addresses(tenant: &Tenant) -> Vec<Value> {
    let page = tenant.admin.get("/users").send().expect(200);
    page["items"].as_array().unwrap().iter().map(|user| user["email"].clone()).collect()
}

#[test]
fn a_new_address_counts_once_confirmed_and_the_old_one_is_told() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let old = tenant.email.clone();
    assert_eq!(tenant.admin.change_email(NEW, PASSWORD).expect(202), json!({ "expiresIn": 1800 }));
    let token = world.mailed_token(NEW, 0);
    let mail = world.cloud().mailbox().into_iter().find(|mail| mail.text.contains(&token)).unwrap();
    for part in [&mail.text, &mail.html.unwrap()] {
        assert!(part.contains(&format!("http://localhost:5173/email-change#{token}")), "{part}");
        assert!(part.contains("acme") && !part.contains("Ada"), "{part}");
    }
    assert!(signs_in(&world, &old) && !signs_in(&world, NEW));
    assert_eq!(tenant.admin.me()["email"], json!(old));
    // A link to the old mailbox is of no use to who has that alone.
    let reset = world.reset_token("acme", &old);
    confirm(&world, &token).expect(204);
    assert!(signs_in(&world, NEW) && !signs_in(&world, &old));
    assert_eq!(tenant.admin.me()["email"], NEW, "the session goes on");
    assert_eq!(addresses(&tenant), [json!(NEW)]);
    refuse(&confirm(&world, &token));
    let body = json!({ "token": reset, "newPassword": "a stolen password" });
    refuse(&world.anonymous().post("/password-resets/redemption", &body).send());
    let told = eventually("the old address is told", || {
        let mut mails = world.cloud().mailbox().into_iter();
        mails.find(|mail| mail.to == [old.clone()] && mail.subject.contains("was changed"))
    });
    assert!(!told.text.contains(NEW), "{}", told.text);
    // The address is free again.
    tenant.admin.register("Other", &old, "member", PASSWORD).expect(201);
    world.wait_until_consumed();
    for event in world.cloud().services().recent_events() {
        let event = format!("{event:?}");
        assert!(!event.contains(NEW) && !event.contains(&old), "{event}");
    }
}

#[test]
fn a_token_that_is_not_good_changes_nothing() {
    let world = World::start();
    let tenant = world.tenant("acme");
    tenant.admin.change_email("first@acme.example", PASSWORD).expect(202);
    let first = world.mailed_token("first@acme.example", 0);
    tenant.admin.change_email(NEW, PASSWORD).expect(202);
    let good = world.mailed_token(NEW, 0);
    let reset = world.reset_token("acme", &tenant.email);
    world.tenant("globex");
    for bad in [&first, &reset, &good[..good.len() - 1], &good.replace("acme", "globex")] {
        refuse(&confirm(&world, bad));
    }
    let body = json!({ "token": good, "newPassword": PASSWORD });
    refuse(&world.anonymous().post("/password-resets/redemption", &body).send());
    assert_eq!(addresses(&tenant), [json!(tenant.email)]);
    // Somebody else has got the address meanwhile.
    let other = tenant.admin.register("Other", NEW, "member", PASSWORD).expect(201);
    refuse(&confirm(&world, &good));
    assert_eq!(addresses(&tenant), [json!(tenant.email), json!(NEW)]);
    assert_eq!(tenant.admin.user(id(&other))["email"], NEW);
    assert!(signs_in(&world, NEW) && signs_in(&world, &tenant.email));
    // Another password ends the link, too.
    tenant.admin.change_email("third@acme.example", PASSWORD).expect(202);
    let stale = world.mailed_token("third@acme.example", 0);
    tenant.admin.change_password(PASSWORD, "another good password").expect(204);
    refuse(&confirm(&world, &stale));
}

#[test]
fn one_s_own_address_takes_the_password_and_not_many_mails() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let wrong = tenant.admin.change_email(NEW, "a wrong password").problem(422, "validation");
    assert_eq!(wrong["errors"][0]["field"], "/currentPassword");
    let same = tenant.admin.change_email(&tenant.email, PASSWORD).problem(422, "validation");
    assert_eq!(same["errors"][0]["field"], "/email");
    // Nor does who holds a stolen session of somebody who manages users keep the account without it.
    let other_way = ask(&tenant.admin, &tenant.admin.me(), NEW).problem(409, "conflict");
    assert!(other_way["detail"].as_str().unwrap().contains("PUT /me/email"), "{other_way}");
    // A window of counting may end in between.
    let refused =
        (0..=6).map(|_| tenant.admin.change_email(NEW, PASSWORD)).find(|answer| answer.status == 429);
    refused.expect("there is an end").problem(429, "too-many-requests");
}

/// Each who asks has an answer of the gateway that says that they still may.
#[test]
fn another_s_address_is_changed_by_who_has_power_over_the_user_until_it_is_confirmed() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let personnel = role(&tenant, "Personnel", &["users:read", "users:manage"]);
    let eve = registered(&tenant, "Eve", &["member", &personnel]);
    let by_eve = signed_in(&world, &eve);
    let max = registered(&tenant, "Max", &["member"]);
    // Whom she has no power over: an admin, and the owner.
    for above in [&registered(&tenant, "Abe", &["admin"]), &tenant.admin.me()] {
        ask(&by_eve, above, "eves@acme.example").problem(403, "forbidden");
    }
    ask(&by_eve, &max, "max.power@acme.example").expect(202);
    confirm(&world, &world.mailed_token("max.power@acme.example", 0)).expect(204);
    assert_eq!(tenant.admin.user(id(&max))["email"], "max.power@acme.example");
    // The user has more permissions since.
    ask(&by_eve, &max, "eves@acme.example").expect(202);
    let token = world.mailed_token("eves@acme.example", 0);
    let promoted = set_roles(&tenant.admin, &tenant.admin.user(id(&max)), &["admin"]).expect(200);
    refuse(&confirm(&world, &token));
    set_roles(&tenant.admin, &promoted, &["member"]).expect(200);
    // She has less since.
    ask(&by_eve, &max, "eves@acme.example").expect(202);
    let token = world.mailed_token("eves@acme.example", 1);
    set_roles(&tenant.admin, &eve, &["member"]).expect(200);
    refuse(&confirm(&world, &token));
    ask(&by_eve, &max, "eves@acme.example").problem(403, "forbidden");
    assert_eq!(tenant.admin.user(id(&max))["email"], "max.power@acme.example");
}

#[test]
fn of_two_who_confirm_the_same_address_at_once_one_gets_it() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let users = ["Max", "Moe"].map(|name| tenant.member(&world.anonymous(), name));
    let tokens = [0, 1].map(|number| {
        users[number].change_email(NEW, PASSWORD).expect(202);
        world.mailed_token(NEW, number)
    });
    let mut statuses = std::thread::scope(|scope| {
        let world = &world;
        let both = tokens.each_ref().map(|token| scope.spawn(move || confirm(world, token).status));
        both.map(|one| one.join().unwrap())
    });
    statuses.sort_unstable();
    assert_eq!(statuses, [204, 422]);
    assert_eq!(addresses(&tenant).iter().filter(|email| **email == NEW).count(), 1);
}
