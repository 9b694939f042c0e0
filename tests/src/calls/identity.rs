use crate::journey::PASSWORD;
use serde_json::{Value, json};

use super::{Call, Fixture};

/// Registers a user for a single call, because calls change users.
fn registered(fixture: &Fixture, name: &str, role: &str) -> Value {
    let address = fixture.tenant.address(&fixture.unique(name));
    fixture.tenant.admin.register(name, &address, role, PASSWORD).expect(201)
}

fn refresh_token(fixture: &Fixture) -> Value {
    let session = fixture.world.anonymous().log_in("acme", &fixture.tenant.email, PASSWORD).expect(201);
    json!({ "refreshToken": session["refreshToken"] })
}

pub(super) const CALLS: &[Call] = &[
    ("POST /sessions", "", 6, |fixture| {
        Box::new(|| {
            drop(fixture.world.anonymous().log_in("acme", &fixture.tenant.email, PASSWORD).expect(201))
        })
    }),
    ("POST /sessions", "from a new address", 7, |fixture| {
        let user = registered(fixture, "Nora", "member");
        let email = user["email"].as_str().unwrap_or_default().to_owned();
        Box::new(move || drop(fixture.world.anonymous().log_in("acme", &email, PASSWORD).expect(201)))
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
    ("GET /me", "", 1, |fixture| Box::new(|| drop(fixture.tenant.admin.me()))),
    ("PUT /me/password", "", 4, |fixture| {
        let anonymous = fixture.world.anonymous();
        let member = fixture.tenant.member(&anonymous, &fixture.unique("Forgetful"));
        Box::new(move || drop(member.change_password(PASSWORD, "another good password").expect(204)))
    }),
    ("POST /users", "of a member", 1, |fixture| Box::new(|| drop(registered(fixture, "Mia", "member")))),
    ("POST /users", "of an admin", 1, |fixture| Box::new(|| drop(registered(fixture, "Abe", "admin")))),
    ("POST /users", "with a key", 2, |fixture| {
        let email = fixture.tenant.address(&fixture.unique("Kay"));
        let body = json!({ "name": "Kay", "email": email, "role": "member", "password": PASSWORD });
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
    ("GET /users", "", 1, |fixture| Box::new(|| drop(fixture.tenant.admin.get("/users").send().expect(200)))),
    ("GET /users/{id}", "", 1, |fixture| {
        Box::new(|| drop(fixture.tenant.admin.user(&fixture.tenant.admin_id)))
    }),
    ("PATCH /users/{id}", "of a name", 2, |fixture| {
        let user = registered(fixture, "Nan", "admin");
        Box::new(move || drop(fixture.tenant.admin.update_user(&user, &json!({ "name": "Ann" })).expect(200)))
    }),
    ("PATCH /users/{id}", "of a role", 2, |fixture| {
        let user = registered(fixture, "Rod", "admin");
        Box::new(move || {
            drop(fixture.tenant.admin.update_user(&user, &json!({ "role": "member" })).expect(200));
        })
    }),
    ("POST /users/{id}/deactivation", "of a member", 2, |fixture| {
        let user = registered(fixture, "Dan", "member");
        Box::new(move || drop(fixture.tenant.admin.deactivate(&user).expect(200)))
    }),
    ("POST /users/{id}/deactivation", "of an admin", 2, |fixture| {
        let user = registered(fixture, "Dee", "admin");
        Box::new(move || drop(fixture.tenant.admin.deactivate(&user).expect(200)))
    }),
];
