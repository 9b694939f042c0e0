use client::{Admin, eventually, id};
use serde_json::json;

use super::{Call, Fixture};

const PREFERENCES: &str = "/notifications/preferences";

pub(super) const CALLS: &[Call] = &[
    ("GET /notifications", "", 1, |fixture| {
        fixture.tenant.settled_order();
        Box::new(|| drop(fixture.tenant.admin.get("/notifications?limit=5").send().expect(200)))
    }),
    ("GET /notifications/unread", "", 1, |fixture| {
        fixture.tenant.settled_order();
        Box::new(|| drop(fixture.tenant.admin.get("/notifications/unread").send().expect(200)))
    }),
    ("POST /notifications/{id}/read", "", 2, |fixture| {
        let (admin, path) = newest(fixture);
        Box::new(move || drop(admin.post_empty(&path).send().expect(200)))
    }),
    ("POST /notifications/{id}/read", "with a key", 3, |fixture| {
        let (admin, path) = newest(fixture);
        Box::new(move || {
            drop(admin.post_empty(&path).header("idempotency-key", &fixture.unique("k")).send().expect(200))
        })
    }),
    ("POST /notifications/{id}/read", "one that is read", 1, |fixture| {
        let (admin, path) = newest(fixture);
        admin.post_empty(&path).send().expect(200);
        Box::new(move || drop(admin.post_empty(&path).send().expect(200)))
    }),
    ("POST /notifications/read", "two unread", 2, |fixture| {
        let admin = with_unread(fixture, 2);
        Box::new(move || {
            assert_eq!(admin.post_empty("/notifications/read").send().expect(200), json!({ "read": 2 }))
        })
    }),
    ("POST /notifications/read", "none unread", 1, |fixture| {
        let admin = with_unread(fixture, 0);
        Box::new(move || drop(admin.post_empty("/notifications/read").send().expect(200)))
    }),
    ("GET /notifications/preferences", "", 1, |fixture| {
        Box::new(|| drop(fixture.tenant.admin.get(PREFERENCES).send().expect(200)))
    }),
    ("PUT /notifications/preferences", "", 2, |fixture| {
        let known = fixture.tenant.admin.get(PREFERENCES).send().expect(200);
        Box::new(move || {
            let body = json!({ "preferences": known["preferences"] });
            drop(fixture.tenant.admin.put(PREFERENCES, &body).if_match(&known).send().expect(200))
        })
    }),
];

/// The client and the path that mark the newest notification, which is unread, as read.
fn newest(fixture: &Fixture) -> (Admin, String) {
    fixture.tenant.settled_order();
    let list = fixture.tenant.admin.notifications();
    (fixture.tenant.admin.clone(), format!("/notifications/{}/read", id(&list["items"][0])))
}

/// Onboards a tenant, so that it has no other unread notifications.
fn with_unread(fixture: &Fixture, count: usize) -> Admin {
    let tenant = fixture.world.tenant(&fixture.unique("reader"));
    for _ in 0..count {
        tenant.settled_order();
    }
    eventually("the expected number is unread", || {
        let unread = tenant.admin.get("/notifications/unread").send().expect(200);
        (unread == json!({ "unread": count })).then_some(())
    });
    tenant.admin
}
