use serde_json::{Value, json};
use tests::journey::PASSWORD;

use super::{Call, Fixture};

/// Registers a user for a single call, because calls change users.
fn registered(fixture: &Fixture, name: &str, role: &str) -> Value {
    fixture.tenant.admin.register(name, &fixture.tenant.address(name), role, PASSWORD).expect(201)
}

fn refresh_token(fixture: &Fixture) -> Value {
    let session = fixture.world.anonymous().log_in("acme", &fixture.tenant.email, PASSWORD).expect(201);
    json!({ "refreshToken": session["refreshToken"] })
}

pub(super) const CALLS: &[Call] = &[
    ("POST /sessions", "", |fixture| {
        Box::new(|| {
            drop(fixture.world.anonymous().log_in("acme", &fixture.tenant.email, PASSWORD).expect(201))
        })
    }),
    ("POST /sessions", "from a new address", |fixture| {
        let (name, email) = ("Nora", fixture.tenant.address("Nora"));
        fixture.tenant.admin.register(name, &email, "member", PASSWORD).expect(201);
        Box::new(move || drop(fixture.world.anonymous().log_in("acme", &email, PASSWORD).expect(201)))
    }),
    ("POST /sessions/refresh", "", |fixture| {
        let body = refresh_token(fixture);
        Box::new(move || {
            drop(fixture.world.anonymous().post("/sessions/refresh", &body).send().expect(200));
        })
    }),
    ("POST /sessions/end", "", |fixture| {
        let body = refresh_token(fixture);
        Box::new(move || drop(fixture.world.anonymous().post("/sessions/end", &body).send().expect(204)))
    }),
    ("GET /.well-known/jwks.json", "", |fixture| {
        Box::new(|| drop(fixture.world.anonymous().get("/.well-known/jwks.json").send().expect(200)))
    }),
    ("GET /me", "", |fixture| Box::new(|| drop(fixture.tenant.admin.me()))),
    ("PUT /me/password", "", |fixture| {
        let anonymous = fixture.world.anonymous();
        let member = fixture.tenant.member(&anonymous, "Forgetful");
        Box::new(move || drop(member.change_password(PASSWORD, "another good password").expect(204)))
    }),
    ("POST /users", "of a member", |fixture| Box::new(|| drop(registered(fixture, "Mia", "member")))),
    ("POST /users", "of an admin", |fixture| Box::new(|| drop(registered(fixture, "Abe", "admin")))),
    ("POST /users", "with a key", |fixture| {
        let email = fixture.tenant.address("Kay");
        let body = json!({ "name": "Kay", "email": email, "role": "member", "password": PASSWORD });
        Box::new(move || {
            fixture.tenant.admin.post("/users", &body).header("idempotency-key", "k").send().expect(201);
        })
    }),
    ("GET /users", "", |fixture| Box::new(|| drop(fixture.tenant.admin.get("/users").send().expect(200)))),
    ("GET /users/{id}", "", |fixture| Box::new(|| drop(fixture.tenant.admin.user(&fixture.tenant.admin_id)))),
    ("PATCH /users/{id}", "of a name", |fixture| {
        let user = registered(fixture, "Nan", "admin");
        Box::new(move || drop(fixture.tenant.admin.update_user(&user, &json!({ "name": "Ann" })).expect(200)))
    }),
    ("PATCH /users/{id}", "of a role", |fixture| {
        let user = registered(fixture, "Rod", "admin");
        Box::new(move || {
            drop(fixture.tenant.admin.update_user(&user, &json!({ "role": "member" })).expect(200));
        })
    }),
    ("POST /users/{id}/deactivation", "of a member", |fixture| {
        let user = registered(fixture, "Dan", "member");
        Box::new(move || drop(fixture.tenant.admin.deactivate(&user).expect(200)))
    }),
    ("POST /users/{id}/deactivation", "of an admin", |fixture| {
        let user = registered(fixture, "Dee", "admin");
        Box::new(move || drop(fixture.tenant.admin.deactivate(&user).expect(200)))
    }),
];
