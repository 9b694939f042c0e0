//! Invalid values in bodies for tenants, sessions and users, and in queries of users.

use serde_json::{Value, json};
use tests::World;
use tests::journey::{PASSWORD, onboarding};

use super::{invalid, shortened, with, without};

fn tenant_rows() -> Vec<(Value, &'static str)> {
    let good = onboarding("globex");
    let mut rows = vec![
        (with(&good, "/plan", json!("x")), "/plan"),
        (with(&good, "/admin/role", json!("x")), "/admin/role"),
    ];
    let long = |length: usize| json!("x".repeat(length));
    let long_email = json!(format!("{}@x.example", "x".repeat(250)));
    for (pointer, values) in [
        ("/name", vec![json!(""), json!(" a"), long(101), json!(7)]),
        (
            "/slug",
            ["", "ab", "Acme", "ac me", "a--b", "-ab", "ab-", "1ab", "a_b", "ä-b"].map(Value::from).to_vec(),
        ),
        ("/slug", vec![long(41), json!(7)]),
        ("/tier", vec![json!("gold"), json!("Free"), json!(""), json!(1)]),
        ("/admin", vec![json!(null), json!([]), json!("Ada")]),
        ("/admin/name", vec![json!(""), json!("a\tb"), long(101)]),
        (
            "/admin/email",
            vec![json!("ada"), json!("@x"), json!("a@b@c.example"), json!("a b@c.example"), long_email],
        ),
        ("/admin/password", vec![json!(""), long(11), long(129), json!(123_456_789_012_u64)]),
    ] {
        rows.extend(values.into_iter().map(|value| (with(&good, pointer, value), pointer)));
    }
    for pointer in ["/name", "/slug", "/tier", "/admin", "/admin/name", "/admin/email", "/admin/password"] {
        rows.push((without(&good, pointer), pointer));
    }
    rows
}

#[test]
fn a_tenant_s_rules() {
    let world = World::start();
    for (body, field) in tenant_rows() {
        invalid(&world, &shortened(&body), field, || world.operator().post("/tenants", &body).send());
    }
    world.onboard("globex");
}

#[test]
fn a_session_s_rules() {
    let world = World::start();
    let good = json!({ "tenant": "acme", "email": "ada@acme.example", "password": "a good password" });
    let mut rows = vec![(with(&good, "/remember", json!(true)), "/remember")];
    for pointer in ["/tenant", "/email", "/password"] {
        rows.push((without(&good, pointer), pointer));
        rows.push((with(&good, pointer, json!(7)), pointer));
        rows.push((with(&good, pointer, json!(null)), pointer));
    }
    for (body, field) in rows {
        invalid(&world, &body.to_string(), field, || world.anonymous().post("/sessions", &body).send());
    }
}

#[test]
fn a_refresh_token_s_rules() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let session = world.anonymous().log_in("acme", &tenant.email, PASSWORD).expect(201);
    let good = session["refreshToken"].as_str().unwrap();
    let (names, _) = good.rsplit_once('.').unwrap();
    for path in ["/sessions/refresh", "/sessions/end"] {
        for (body, field) in [
            (json!({}), "/refreshToken"),
            (json!({ "refreshToken": null }), "/refreshToken"),
            (json!({ "refreshToken": 7 }), "/refreshToken"),
            (json!({ "refreshToken": "" }), "/refreshToken"),
            (json!({ "refreshToken": names }), "/refreshToken"),
            (json!({ "refreshToken": format!("{good}A") }), "/refreshToken"),
            (json!({ "refreshToken": &good[..good.len() - 1] }), "/refreshToken"),
            (json!({ "refreshToken": session["accessToken"] }), "/refreshToken"),
            (json!({ "refreshToken": good, "all": true }), "/all"),
        ] {
            invalid(&world, &shortened(&body), field, || world.anonymous().post(path, &body).send());
        }
    }
    let body = json!({ "refreshToken": good });
    world.anonymous().post("/sessions/refresh", &body).send().expect(200);
}

#[test]
fn a_user_s_rules() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let (admin, me) = (&tenant.admin, tenant.admin.me());
    let good =
        json!({ "name": "Max", "email": "max@acme.example", "roles": ["member"], "password": PASSWORD });
    let mut rows = vec![(with(&good, "/id", json!("usr_1")), "/id")];
    for pointer in ["/name", "/email", "/roles", "/password"] {
        rows.push((without(&good, pointer), pointer));
        rows.push((with(&good, pointer, json!(null)), pointer));
        rows.push((with(&good, pointer, json!("")), pointer));
    }
    for roles in [json!([]), json!("member"), json!(vec!["member"; 11])] {
        rows.push((with(&good, "/roles", roles), "/roles"));
    }
    for role in ["owner", "Admin", "rol_0", "rol_x", ""] {
        rows.push((with(&good, "/roles", json!(["member", role])), "/roles/1"));
    }
    rows.push((with(&good, "/roles", json!(["rol_9"])), "/roles"));
    rows.push((with(&good, "/password", json!("eleven char")), "/password"));
    for (body, field) in rows {
        invalid(&world, &shortened(&body), field, || admin.post("/users", &body).send());
    }
    for (changes, field) in [
        (json!({}), ""),
        (json!({ "name": null }), "/name"),
        (json!({ "name": "Ada", "roles": null }), "/roles"),
        (json!({ "roles": ["owner"] }), "/roles/0"),
        (json!({ "roles": ["admin", "rol_9"] }), "/roles"),
        (json!({ "role": "admin" }), "/role"),
        (json!({ "name": " Ada" }), "/name"),
        (json!({ "email": "eve@acme.example" }), "/email"),
        (json!({ "status": "active" }), "/status"),
        (json!({ "version": 1 }), "/version"),
    ] {
        invalid(&world, &changes.to_string(), field, || admin.update_user(&me, &changes));
    }
    for (changes, field) in [
        (json!({}), "/name"),
        (json!({ "name": null }), "/name"),
        (json!({ "name": "Acme", "tier": "enterprise" }), "/tier"),
        (json!({ "name": "Acme", "slug": "other" }), "/slug"),
    ] {
        let rename = || admin.patch("/tenant", &changes).if_match(&me).send();
        invalid(&world, &changes.to_string(), field, rename);
    }
    let passwords = json!({ "currentPassword": PASSWORD, "newPassword": "another good password" });
    for pointer in ["/currentPassword", "/newPassword"] {
        for body in [without(&passwords, pointer), with(&passwords, pointer, json!("short"))] {
            invalid(&world, &shortened(&body), pointer, || admin.put("/me/password", &body).send());
        }
    }
    let path = format!("/users/{}", tenant.admin_id);
    for tag in ["1", "\"1", "W/1", ""] {
        let rename = || admin.patch(&path, &json!({ "name": "Ada" })).header("if-match", tag).send();
        invalid(&world, &format!("if-match {tag}"), "/if-match", rename);
    }
    assert_eq!(admin.me(), me);
    admin.post("/users", &good).send().expect(201);
}

#[test]
fn queries_of_users() {
    let world = World::start();
    let tenant = world.tenant("acme");
    for (path, field) in [
        ("/users?limit=0", "/limit"),
        ("/users?limit=101", "/limit"),
        ("/users?limit=x", "/limit"),
        ("/users?cursor=", "/cursor"),
        ("/users?cursor=m%23", "/cursor"),
        ("/users?cursor=ada@acme", "/cursor"),
        ("/users?cursor=usr_1", "/cursor"),
        ("/users?q=", "/q"),
        ("/users?q=ab&q=ac", "/q"),
        ("/users?filter=role", "/filter"),
        ("/users?sort=", "/sort"),
        ("/users?total=1", "/total"),
        ("/users?email=a", "/email"),
        ("/users?role=admin", "/role"),
        ("/users?name=Ada", "/name"),
        ("/users/x", "/id"),
        ("/tenant?x=1", "/x"),
        ("/.well-known/jwks.json?x=1", "/x"),
    ] {
        invalid(&world, path, field, || tenant.admin.get(path).send());
    }
}
