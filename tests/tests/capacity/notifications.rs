use client::{Admin, eventually, id};
use serde_json::json;

use super::{Call, Stage};

const PREFERENCES: &str = "/notifications/preferences";

pub(super) const CALLS: &[Call] = &[
    ("GET /notifications", "", |stage| {
        stage.tenant.settled_order();
        Box::new(|| drop(stage.tenant.admin.notifications()))
    }),
    ("GET /notifications/unread", "", |stage| {
        stage.tenant.settled_order();
        Box::new(|| drop(stage.tenant.admin.get("/notifications/unread").send().expect(200)))
    }),
    ("POST /notifications/{id}/read", "", |stage| {
        let (admin, path) = newest(stage);
        Box::new(move || drop(admin.post_empty(&path).send().expect(200)))
    }),
    ("POST /notifications/{id}/read", "with a key", |stage| {
        let (admin, path) = newest(stage);
        Box::new(move || drop(admin.post_empty(&path).header("idempotency-key", "k").send().expect(200)))
    }),
    ("POST /notifications/{id}/read", "one that is read", |stage| {
        let (admin, path) = newest(stage);
        admin.post_empty(&path).send().expect(200);
        Box::new(move || drop(admin.post_empty(&path).send().expect(200)))
    }),
    ("POST /notifications/read", "two unread", |stage| {
        let admin = with_unread(stage, "readers", 2);
        Box::new(move || {
            assert_eq!(admin.post_empty("/notifications/read").send().expect(200), json!({ "read": 2 }))
        })
    }),
    ("POST /notifications/read", "none unread", |stage| {
        let admin = with_unread(stage, "non-readers", 0);
        Box::new(move || drop(admin.post_empty("/notifications/read").send().expect(200)))
    }),
    ("GET /notifications/preferences", "", |stage| {
        Box::new(|| drop(stage.tenant.admin.get(PREFERENCES).send().expect(200)))
    }),
    ("PUT /notifications/preferences", "", |stage| {
        let known = stage.tenant.admin.get(PREFERENCES).send().expect(200);
        Box::new(move || {
            let body = json!({ "preferences": known["preferences"] });
            drop(stage.tenant.admin.put(PREFERENCES, &body).if_match(&known).send().expect(200))
        })
    }),
];

/// How the stage's newest notification, still unread, is read.
fn newest(stage: &Stage) -> (Admin, String) {
    stage.tenant.settled_order();
    let list = stage.tenant.admin.notifications();
    (stage.tenant.admin.clone(), format!("/notifications/{}/read", id(&list["items"][0])))
}

/// A tenant of its own, so that nothing else is unread.
fn with_unread(stage: &Stage, slug: &str, count: usize) -> Admin {
    let tenant = stage.world.tenant(slug);
    for _ in 0..count {
        tenant.settled_order();
    }
    eventually("that many are unread", || {
        let unread = tenant.admin.get("/notifications/unread").send().expect(200);
        (unread == json!({ "unread": count })).then_some(())
    });
    tenant.admin
}
