use serde_json::{Value, json};
use tests::journey::PASSWORD;

use super::{Call, Stage};

/// A user of its own for each call.
fn registered(stage: &Stage, name: &str, role: &str) -> Value {
    stage.tenant.admin.register(name, &stage.tenant.address(name), role, PASSWORD).expect(201)
}

fn refresh_token(stage: &Stage) -> Value {
    let session = stage.world.anonymous().log_in("acme", &stage.tenant.email, PASSWORD).expect(201);
    json!({ "refreshToken": session["refreshToken"] })
}

pub(super) const CALLS: &[Call] = &[
    ("POST /sessions", "", |stage| {
        Box::new(|| drop(stage.world.anonymous().log_in("acme", &stage.tenant.email, PASSWORD).expect(201)))
    }),
    ("POST /sessions/refresh", "", |stage| {
        let body = refresh_token(stage);
        Box::new(move || {
            drop(stage.world.anonymous().post("/sessions/refresh", &body).send().expect(200));
        })
    }),
    ("POST /sessions/end", "", |stage| {
        let body = refresh_token(stage);
        Box::new(move || drop(stage.world.anonymous().post("/sessions/end", &body).send().expect(204)))
    }),
    ("GET /.well-known/jwks.json", "", |stage| {
        Box::new(|| drop(stage.world.anonymous().get("/.well-known/jwks.json").send().expect(200)))
    }),
    ("GET /me", "", |stage| Box::new(|| drop(stage.tenant.admin.me()))),
    ("PUT /me/password", "", |stage| {
        let anonymous = stage.world.anonymous();
        let member = stage.tenant.member(&anonymous, "Forgetful");
        Box::new(move || drop(member.change_password(PASSWORD, "another good password").expect(204)))
    }),
    ("POST /users", "of a member", |stage| Box::new(|| drop(registered(stage, "Mia", "member")))),
    ("POST /users", "of an admin", |stage| Box::new(|| drop(registered(stage, "Abe", "admin")))),
    ("POST /users", "with a key", |stage| {
        let email = stage.tenant.address("Kay");
        let body = json!({ "name": "Kay", "email": email, "role": "member", "password": PASSWORD });
        Box::new(move || {
            stage.tenant.admin.post("/users", &body).header("idempotency-key", "k").send().expect(201);
        })
    }),
    ("GET /users", "", |stage| Box::new(|| drop(stage.tenant.admin.get("/users").send().expect(200)))),
    ("GET /users/{id}", "", |stage| Box::new(|| drop(stage.tenant.admin.user(&stage.tenant.admin_id)))),
    ("PATCH /users/{id}", "of a name", |stage| {
        let user = registered(stage, "Nan", "admin");
        Box::new(move || drop(stage.tenant.admin.update_user(&user, &json!({ "name": "Ann" })).expect(200)))
    }),
    ("PATCH /users/{id}", "of a role", |stage| {
        let user = registered(stage, "Rod", "admin");
        Box::new(move || {
            drop(stage.tenant.admin.update_user(&user, &json!({ "role": "member" })).expect(200));
        })
    }),
    ("POST /users/{id}/deactivation", "of a member", |stage| {
        let user = registered(stage, "Dan", "member");
        Box::new(move || drop(stage.tenant.admin.deactivate(&user).expect(200)))
    }),
    ("POST /users/{id}/deactivation", "of an admin", |stage| {
        let user = registered(stage, "Dee", "admin");
        Box::new(move || drop(stage.tenant.admin.deactivate(&user).expect(200)))
    }),
];
