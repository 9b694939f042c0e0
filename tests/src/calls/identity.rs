use client::{Member, id};

use crate::journey::PASSWORD;
use serde_json::{Value, json};

use super::{Call, Fixture};

/// Registers a user for a single call, because calls change users.
pub(super) fn registered(fixture: &Fixture, name: &str, role: &str) -> Value {
    let address = fixture.tenant.address(&fixture.unique(name));
    fixture.tenant.admin.register(name, &address, role, PASSWORD).expect(201)
}

fn role(fixture: &Fixture) -> Value {
    let body = json!({ "name": fixture.unique("Role"), "permissions": [] });
    fixture.tenant.admin.post("/roles", &body).send().expect(201)
}

fn refresh_token(fixture: &Fixture) -> Value {
    let session = fixture.world.anonymous().log_in("acme", &fixture.tenant.email, PASSWORD).expect(201);
    json!({ "refreshToken": session["refreshToken"] })
}

/// The path of a new session of the admin.
fn another_session(fixture: &Fixture) -> String {
    refresh_token(fixture);
    let newest = fixture.tenant.admin.get("/me/sessions").send().expect(200)["items"][0].take();
    format!("/me/sessions/{}", id(&newest))
}

/// A member with so many sessions besides the one of the client.
fn with_other_sessions(fixture: &Fixture, count: usize) -> Member {
    let anonymous = fixture.world.anonymous();
    let member = fixture.tenant.member(&anonymous, &fixture.unique("Many"));
    for _ in 0..count {
        anonymous.log_in("acme", &member.email, PASSWORD).expect(201);
    }
    member
}

/// Of a tenant of its own, since others get many users.
fn list_of_one<'f>(fixture: &'f Fixture, path: &'static str) -> Box<dyn FnOnce() + 'f> {
    let tenant = fixture.world.tenant(&fixture.unique("small"));
    Box::new(move || drop(tenant.admin.get(path).send().expect(200)))
}

pub(super) const CALLS: &[Call] = &[
    ("POST /sessions", "", 9, |fixture| {
        Box::new(|| {
            drop(fixture.world.anonymous().log_in("acme", &fixture.tenant.email, PASSWORD).expect(201))
        })
    }),
    ("POST /sessions", "from a new address", 10, |fixture| {
        let user = registered(fixture, "Nora", "member");
        let email = user["email"].as_str().unwrap_or_default().to_owned();
        Box::new(move || drop(fixture.world.anonymous().log_in("acme", &email, PASSWORD).expect(201)))
    }),
    ("POST /sessions", "of a user with 100 sessions", 10, |fixture| {
        let user = registered(fixture, "Busy", "member");
        let email = user["email"].as_str().unwrap_or_default().to_owned();
        let log_in = json!({ "tenant": "acme", "email": email, "password": PASSWORD });
        // As long as those of many clients, so that 100 sessions and 101 cost the same.
        let device = "x".repeat(60);
        let anonymous = fixture.world.anonymous();
        anonymous.post("/sessions", &log_in).header("user-agent", &device).send().expect(201);
        fixture.world.copy_session(&fixture.tenant, id(&user), 99);
        Box::new(move || drop(anonymous.log_in("acme", &email, PASSWORD).expect(201)))
    }),
    ("POST /sessions/refresh", "", 6, |fixture| {
        let body = refresh_token(fixture);
        Box::new(move || {
            drop(fixture.world.anonymous().post("/sessions/refresh", &body).send().expect(200));
        })
    }),
    ("POST /sessions/end", "", 4, |fixture| {
        let body = refresh_token(fixture);
        Box::new(move || drop(fixture.world.anonymous().post("/sessions/end", &body).send().expect(204)))
    }),
    ("GET /.well-known/jwks.json", "", 0, |fixture| {
        let keys = || drop(fixture.world.anonymous().get("/.well-known/jwks.json").send().expect(200));
        // A process reads the keys at its start.
        keys();
        Box::new(keys)
    }),
    ("GET /me", "", 2, |fixture| Box::new(|| drop(fixture.tenant.admin.me()))),
    ("PATCH /me", "", 2, |fixture| {
        let anonymous = fixture.world.anonymous();
        let member = fixture.tenant.member(&anonymous, &fixture.unique("Renamed"));
        let me = member.me();
        Box::new(move || drop(member.rename(&me, "Another").expect(200)))
    }),
    ("GET /roles", "", 1, |fixture| Box::new(|| drop(fixture.tenant.admin.get("/roles").send().expect(200)))),
    ("GET /roles/{id}", "", 1, |fixture| {
        Box::new(|| drop(fixture.tenant.admin.get("/roles/admin").send().expect(200)))
    }),
    ("POST /roles", "", 2, |fixture| Box::new(|| drop(role(fixture)))),
    ("POST /roles", "with a key", 3, |fixture| {
        let body = json!({ "name": fixture.unique("Role"), "permissions": [] });
        Box::new(move || {
            let define = fixture.tenant.admin.post("/roles", &body);
            define.header("idempotency-key", &fixture.unique("k")).send().expect(201);
        })
    }),
    ("PATCH /roles/{id}", "", 2, |fixture| {
        let role = role(fixture);
        let path = format!("/roles/{}", client::id(&role));
        let change = json!({ "permissions": ["orders:read"] });
        Box::new(move || {
            drop(fixture.tenant.admin.patch(&path, &change).if_match(&role).send().expect(200));
        })
    }),
    ("DELETE /roles/{id}", "", 2, |fixture| {
        let role = role(fixture);
        let path = format!("/roles/{}", client::id(&role));
        Box::new(move || drop(fixture.tenant.admin.delete(&path).if_match(&role).send().expect(204)))
    }),
    ("GET /tenant/owner", "", 1, |fixture| {
        Box::new(|| drop(fixture.tenant.admin.get("/tenant/owner").send().expect(200)))
    }),
    ("PUT /tenant/owner", "to oneself", 2, |fixture| {
        let known = fixture.tenant.admin.get("/tenant/owner").send().expect(200);
        let owner = json!({ "user": known["owner"] });
        Box::new(move || {
            drop(fixture.tenant.admin.put("/tenant/owner", &owner).if_match(&known).send().expect(200));
        })
    }),
    ("PUT /tenant/owner", "to another", 2, |fixture| {
        // A tenant of its own, which loses its owner.
        let slug = fixture.unique("owned");
        let tenant = fixture.world.tenant(&slug);
        let heir = tenant.admin.register("Heir", &tenant.address("Heir"), "admin", PASSWORD).expect(201);
        let known = tenant.admin.get("/tenant/owner").send().expect(200);
        let owner = json!({ "user": heir["id"] });
        Box::new(move || drop(tenant.admin.put("/tenant/owner", &owner).if_match(&known).send().expect(200)))
    }),
    ("GET /me/sessions", "", 2, |fixture| {
        Box::new(|| drop(fixture.tenant.admin.get("/me/sessions").send().expect(200)))
    }),
    ("DELETE /me/sessions/{id}", "of one", 2, |fixture| {
        let path = another_session(fixture);
        Box::new(move || drop(fixture.tenant.admin.delete(&path).send().expect(204)))
    }),
    ("DELETE /me/sessions/{id}", "that has ended", 2, |fixture| {
        let path = another_session(fixture);
        fixture.tenant.admin.delete(&path).send().expect(204);
        Box::new(move || drop(fixture.tenant.admin.delete(&path).send().expect(204)))
    }),
    ("DELETE /me/sessions", "of one other", 2, |fixture| {
        let member = with_other_sessions(fixture, 1);
        Box::new(move || drop(member.delete("/me/sessions").send().expect(204)))
    }),
    ("DELETE /me/sessions", "of three others", 4, |fixture| {
        let member = with_other_sessions(fixture, 3);
        Box::new(move || drop(member.delete("/me/sessions").send().expect(204)))
    }),
    ("GET /users/{id}/sessions", "", 2, |fixture| {
        let path = format!("/users/{}/sessions", id(&registered(fixture, "Lia", "member")));
        Box::new(move || drop(fixture.tenant.admin.get(&path).send().expect(200)))
    }),
    ("DELETE /users/{id}/sessions", "", 2, |fixture| {
        let path = format!("/users/{}/sessions", id(&registered(fixture, "Lou", "member")));
        Box::new(move || drop(fixture.tenant.admin.delete(&path).send().expect(204)))
    }),
    ("PUT /me/password", "", 4, |fixture| {
        let anonymous = fixture.world.anonymous();
        let member = fixture.tenant.member(&anonymous, &fixture.unique("Forgetful"));
        Box::new(move || drop(member.change_password(PASSWORD, "another good password").expect(204)))
    }),
    ("POST /users", "of a member", 2, |fixture| Box::new(|| drop(registered(fixture, "Mia", "member")))),
    ("POST /users", "of an admin", 2, |fixture| Box::new(|| drop(registered(fixture, "Abe", "admin")))),
    ("POST /users", "with a key", 3, |fixture| {
        let email = fixture.tenant.address(&fixture.unique("Kay"));
        let body = json!({ "name": "Kay", "email": email, "roles": ["member"], "password": PASSWORD });
        Box::new(move || {
            fixture
                .tenant
                .admin
                .post("/users", &body)
                .header("idempotency-key", &fixture.unique("k"))
                .send()
                .expect(201);
        })
    }),
    ("GET /users", "", 2, |fixture| list_of_one(fixture, "/users")),
    ("GET /users", "with a search", 2, |fixture| list_of_one(fixture, "/users?q=ada&sort=createdAt")),
    ("GET /users", "with a total", 3, |fixture| list_of_one(fixture, "/users?total=true")),
    ("GET /users/{id}", "", 3, |fixture| {
        Box::new(|| drop(fixture.tenant.admin.user(&fixture.tenant.admin_id)))
    }),
    ("PATCH /users/{id}", "of a name", 2, |fixture| {
        let user = registered(fixture, "Nan", "admin");
        Box::new(move || drop(fixture.tenant.admin.update_user(&user, &json!({ "name": "Ann" })).expect(200)))
    }),
    ("PATCH /users/{id}", "of roles", 2, |fixture| {
        let user = registered(fixture, "Rod", "admin");
        Box::new(move || {
            drop(fixture.tenant.admin.update_user(&user, &json!({ "roles": ["member"] })).expect(200));
        })
    }),
    ("PATCH /users/{id}", "of a role of the tenant's own", 2, |fixture| {
        let user = registered(fixture, "Ron", "admin");
        let roles = json!({ "roles": ["admin", role(fixture)["id"]] });
        Box::new(move || drop(fixture.tenant.admin.update_user(&user, &roles).expect(200)))
    }),
    ("POST /users/{id}/deactivation", "of a member", 2, |fixture| {
        let user = registered(fixture, "Dan", "member");
        Box::new(move || drop(fixture.tenant.admin.deactivate(&user).expect(200)))
    }),
    ("POST /users/{id}/deactivation", "of an admin", 2, |fixture| {
        let user = registered(fixture, "Dee", "admin");
        Box::new(move || drop(fixture.tenant.admin.deactivate(&user).expect(200)))
    }),
    ("DELETE /users/{id}/deactivation", "of a member", 2, |fixture| {
        let user = fixture.tenant.admin.deactivate(&registered(fixture, "Rea", "member")).expect(200);
        Box::new(move || drop(fixture.tenant.admin.reactivate(&user).expect(200)))
    }),
    ("DELETE /users/{id}/deactivation", "of an admin", 2, |fixture| {
        let user = fixture.tenant.admin.deactivate(&registered(fixture, "Rex", "admin")).expect(200);
        Box::new(move || drop(fixture.tenant.admin.reactivate(&user).expect(200)))
    }),
    ("DELETE /users/{id}", "of a member", 2, |fixture| {
        let user = registered(fixture, "Del", "member");
        Box::new(move || drop(fixture.tenant.admin.delete_user(&user).expect(204)))
    }),
    ("DELETE /users/{id}", "of an admin", 2, |fixture| {
        let user = registered(fixture, "Della", "admin");
        Box::new(move || drop(fixture.tenant.admin.delete_user(&user).expect(204)))
    }),
];
