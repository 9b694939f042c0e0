//! Calls of routes that ask for links, and of those that redeem them.

use client::id;
use serde_json::{Value, json};

use super::identity::registered;
use super::{Call, Fixture};
use crate::journey::PASSWORD;

/// A user who was invited just now, and the token of the mailed link.
fn invited(fixture: &Fixture, name: &str, role: &str) -> (String, String) {
    let email = fixture.tenant.address(&fixture.unique(name));
    let user = fixture.tenant.invite(name, &email, &[role]);
    (user, fixture.world.mailed_token(&email, 0))
}

fn invitations(fixture: &Fixture, count: usize) -> Value {
    let one = || json!({ "name": "Ina", "email": fixture.tenant.address(&fixture.unique("Ina")), "roles": ["member"] });
    json!({ "invitations": (0..count).map(|_| one()).collect::<Vec<_>>() })
}

fn accept<'a>(fixture: &'a Fixture, role: &str) -> Box<dyn FnOnce() + 'a> {
    let (_, token) = invited(fixture, "Ada", role);
    let body = json!({ "token": token, "password": PASSWORD });
    Box::new(move || {
        drop(fixture.world.anonymous().post("/invitations/redemption", &body).send().expect(204));
    })
}

/// Redeems the link that was mailed to this address.
fn confirm<'a>(fixture: &'a Fixture, email: &str) -> Box<dyn FnOnce() + 'a> {
    let body = json!({ "token": fixture.world.mailed_token(email, 0) });
    Box::new(move || {
        drop(fixture.world.anonymous().post("/email-changes/redemption", &body).send().expect(204));
    })
}

pub(super) const CALLS: &[Call] = &[
    ("POST /password-resets", "", 8, |fixture| {
        let user = registered(fixture, "Pia", "member");
        let body = json!({ "tenant": "acme", "email": user["email"] });
        Box::new(move || drop(fixture.world.anonymous().post("/password-resets", &body).send().expect(202)))
    }),
    ("POST /password-resets/redemption", "", 5, |fixture| {
        let user = registered(fixture, "Ron", "member");
        let token = fixture.world.reset_token("acme", user["email"].as_str().unwrap_or_default());
        let body = json!({ "token": token, "newPassword": "another good password" });
        Box::new(move || {
            drop(fixture.world.anonymous().post("/password-resets/redemption", &body).send().expect(204));
        })
    }),
    ("POST /invitations", "of one", 2, |fixture| {
        let body = invitations(fixture, 1);
        Box::new(move || drop(fixture.tenant.admin.post("/invitations", &body).send().expect(200)))
    }),
    ("POST /invitations", "of two", 4, |fixture| {
        let body = invitations(fixture, 2);
        Box::new(move || drop(fixture.tenant.admin.post("/invitations", &body).send().expect(200)))
    }),
    ("POST /invitations", "of one, with a key", 4, |fixture| {
        let body = invitations(fixture, 1);
        let key = fixture.unique("k");
        Box::new(move || {
            let invite = fixture.tenant.admin.post("/invitations", &body);
            drop(invite.header("idempotency-key", &key).send().expect(200));
        })
    }),
    ("POST /users/{id}/invitation", "", 3, |fixture| {
        let path = format!("/users/{}/invitation", invited(fixture, "Ian", "member").0);
        Box::new(move || drop(fixture.tenant.admin.post_empty(&path).send().expect(202)))
    }),
    ("POST /users/{id}/invitation", "with a key", 4, |fixture| {
        let path = format!("/users/{}/invitation", invited(fixture, "Ian", "member").0);
        let key = fixture.unique("k");
        Box::new(move || {
            let again = fixture.tenant.admin.post_empty(&path);
            drop(again.header("idempotency-key", &key).send().expect(202));
        })
    }),
    ("POST /invitations/redemption", "by a member", 6, |fixture| accept(fixture, "member")),
    ("POST /invitations/redemption", "by an admin", 6, |fixture| accept(fixture, "admin")),
    ("PUT /me/email", "", 6, |fixture| {
        let anonymous = fixture.world.anonymous();
        let member = fixture.tenant.member(&anonymous, &fixture.unique("Moving"));
        let email = fixture.tenant.address(&fixture.unique("Moved"));
        Box::new(move || drop(member.change_email(&email, PASSWORD).expect(202)))
    }),
    ("PUT /users/{id}/email", "", 3, |fixture| {
        let path = format!("/users/{}/email", id(&registered(fixture, "Moa", "member")));
        let body = json!({ "email": fixture.tenant.address(&fixture.unique("Moved")) });
        Box::new(move || drop(fixture.tenant.admin.put(&path, &body).send().expect(202)))
    }),
    ("POST /email-changes/redemption", "asked for by the user", 6, |fixture| {
        let member = fixture.tenant.member(&fixture.world.anonymous(), &fixture.unique("Moving"));
        let email = fixture.tenant.address(&fixture.unique("Moved"));
        member.change_email(&email, PASSWORD).expect(202);
        confirm(fixture, &email)
    }),
    ("POST /email-changes/redemption", "asked for by another", 7, |fixture| {
        let path = format!("/users/{}/email", id(&registered(fixture, "Moa", "member")));
        let email = fixture.tenant.address(&fixture.unique("Moved"));
        fixture.tenant.admin.put(&path, &json!({ "email": email })).send().expect(202);
        confirm(fixture, &email)
    }),
    ("POST /registrations", "", 8, |fixture| {
        fixture.tenant.admit(&json!({ "mode": "open" })).expect(200);
        let email = fixture.tenant.address(&fixture.unique("Rea"));
        Box::new(move || drop(fixture.world.register("acme", &email).expect(202)))
    }),
    ("POST /registrations/verification", "", 6, |fixture| {
        fixture.tenant.admit(&json!({ "mode": "open" })).expect(200);
        let email = fixture.tenant.address(&fixture.unique("Rea"));
        fixture.world.register("acme", &email).expect(202);
        let body = json!({ "token": fixture.world.mailed_token(&email, 0), "password": PASSWORD });
        Box::new(move || {
            drop(fixture.world.anonymous().post("/registrations/verification", &body).send().expect(204));
        })
    }),
    ("POST /ownership/redemption", "", 6, |fixture| {
        let slug = fixture.unique("owned");
        let tenant = fixture.world.onboard(&slug);
        let email = format!("olga@{slug}.example");
        fixture.world.replace_owner(id(&tenant), &email).expect(201);
        let body = json!({ "token": fixture.world.mailed_token(&email, 0), "password": PASSWORD });
        Box::new(move || {
            drop(fixture.world.anonymous().post("/ownership/redemption", &body).send().expect(204));
        })
    }),
];
