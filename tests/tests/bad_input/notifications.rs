use serde_json::{Value, json};
use tests::World;

use super::{invalid, refused, with, without};

const PREFERENCES: &str = "/notifications/preferences";

#[test]
fn ids_of_no_notification() {
    let world = World::start();
    let admin = world.tenant("acme").admin;
    for id in ["x", "read%20", &format!("ord_{}", "0".repeat(32)), &format!("ntf_{}", "A".repeat(32))] {
        let path = format!("/notifications/{id}/read");
        invalid(&world, &path, "/id", || admin.post_empty(&path).send());
    }
    let unknown = format!("/notifications/ntf_{}/read", "0".repeat(32));
    refused(&world, &unknown, || admin.post_empty(&unknown).send()).problem(404, "not-found");
    let body = json!({ "until": "2026-03-04T05:06:07Z" });
    for path in [unknown.as_str(), "/notifications/read"] {
        invalid(&world, path, "/until", || admin.post(path, &body).send());
    }
    invalid(&world, "a query", "/limit", || admin.get("/notifications/unread?limit=1").send());
}

fn rows() -> Vec<(Value, &'static str)> {
    let channels = json!({ "inApp": true, "email": true });
    let kinds = json!({ "orderConfirmed": channels, "orderCancelled": channels, "commentPosted": channels });
    let good = json!({ "preferences": kinds });
    let mut rows = vec![
        (json!({}), "/preferences"),
        (with(&good, "/orderCancelled", channels.clone()), "/orderCancelled"),
        (json!([]), ""),
        (with(&good, "/version", json!(0)), "/version"),
        (with(&good, "/preferences", json!(null)), "/preferences"),
        (with(&good, "/preferences/orderShipped", channels.clone()), "/preferences/orderShipped"),
        (with(&good, "/preferences/orderConfirmed", json!(true)), "/preferences/orderConfirmed"),
        (with(&good, "/preferences/orderConfirmed/sms", json!(true)), "/preferences/orderConfirmed/sms"),
    ];
    for pointer in
        ["/preferences/orderConfirmed", "/preferences/orderCancelled", "/preferences/orderConfirmed/email"]
    {
        rows.push((without(&good, pointer), pointer));
    }
    for value in [json!(null), json!("true"), json!(1), json!({})] {
        rows.push((
            with(&good, "/preferences/orderCancelled/inApp", value),
            "/preferences/orderCancelled/inApp",
        ));
    }
    rows
}

#[test]
fn rules_of_preferences() {
    let world = World::start();
    let admin = world.tenant("acme").admin;
    let known = admin.get(PREFERENCES).send().expect(200);
    for (body, field) in rows() {
        invalid(&world, &body.to_string(), field, || admin.put(PREFERENCES, &body).if_match(&known).send());
    }
    assert_eq!(admin.get(PREFERENCES).send().expect(200), known);
}

#[test]
fn preferences_are_replaced_at_their_present_version_only() {
    let world = World::start();
    let admin = world.tenant("acme").admin;
    let known = admin.get(PREFERENCES).send().expect(200);
    let body = json!({ "preferences": known["preferences"] });
    let put = || admin.put(PREFERENCES, &body);
    refused(&world, "no If-Match", || put().send()).problem(428, "precondition-required");
    for stale in ["\"1\"", "W/\"0\"", "\"x\""] {
        refused(&world, stale, || put().header("if-match", stale).send()).problem(412, "precondition-failed");
    }
    invalid(&world, "no ETag", "/if-match", || put().header("if-match", "0").send());
    put().if_match(&known).send().expect(200);
    refused(&world, "the one before", || put().if_match(&known).send()).problem(412, "precondition-failed");
}
