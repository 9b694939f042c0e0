//! Bodies of tenants and sessions that are JSON and break a rule.

use serde_json::{Value, json};
use tests::World;
use tests::journey::onboarding;

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
    world.operator().onboard("globex");
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
