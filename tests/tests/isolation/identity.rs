use client::items;
use serde_json::{Value, json};
use tests::journey::PASSWORD;

use super::{Pair, Probe};

fn victim(pair: &Pair) -> Value {
    pair.victim.admin.me()
}

pub(super) const PROBES: &[Probe] = &[
    ("GET /me", |pair| {
        let me = pair.stranger.admin.me();
        assert_eq!((&me["id"], &me["tenantId"]), (&json!(pair.stranger.admin_id), &json!(pair.stranger.id)));
    }),
    ("PUT /me/password", |pair| {
        let own = "another good password";
        pair.stranger.admin.change_password(PASSWORD, own).expect(204);
        assert_eq!(victim(pair)["version"], 1);
        pair.stranger.admin.change_password(own, PASSWORD).expect(204);
    }),
    ("POST /users", |pair| {
        let own = pair.stranger.admin.register("Eve", &pair.victim.email, "member", PASSWORD).expect(201);
        assert_eq!(own["tenantId"], pair.stranger.id);
        pair.victim.admin.get(&format!("/users/{}", own["id"].as_str().unwrap())).send().expect(404);
    }),
    ("GET /users", |pair| {
        let page = pair.stranger.admin.get(&format!("/users?cursor={}", "a@a.example")).send().expect(200);
        assert!(items(&page["items"]).iter().all(|user| user["tenantId"] == pair.stranger.id));
        assert!(!items(&page["items"]).iter().any(|user| user["id"] == pair.victim.admin_id), "{page}");
    }),
    ("GET /users/{id}", |pair| {
        let path = format!("/users/{}", pair.victim.admin_id);
        pair.stranger.admin.get(&path).send().problem(404, "not-found");
    }),
    ("PATCH /users/{id}", |pair| {
        let changes = json!({ "name": "Eve", "role": "member" });
        pair.stranger.admin.update_user(&victim(pair), &changes).problem(404, "not-found");
        assert_eq!(victim(pair)["name"], "Ada Admin");
    }),
    ("POST /users/{id}/deactivation", |pair| {
        pair.stranger.admin.deactivate(&victim(pair)).problem(404, "not-found");
        assert_eq!(victim(pair)["status"], "active");
    }),
];
