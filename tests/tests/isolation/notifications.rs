use client::{id, items};
use serde_json::{Value, json};

use super::{Pair, Probe};

const PREFERENCES: &str = "/notifications/preferences";

pub(super) const PROBES: &[Probe] = &[
    ("GET /notifications", |pair| {
        assert_eq!(items(&pair.stranger.admin.notifications()["items"]), [] as [Value; 0])
    }),
    ("GET /notifications/unread", |pair| {
        let unread = pair.stranger.admin.get("/notifications/unread").send().expect(200);
        assert_eq!(unread, json!({ "unread": 0 }));
    }),
    ("POST /notifications/{id}/read", |pair| {
        let before = pair.victim.admin.notifications();
        let path = format!("/notifications/{}/read", id(&before["items"][0]));
        pair.stranger.admin.post_empty(&path).send().problem(404, "not-found");
        assert_eq!(pair.victim.admin.notifications(), before);
    }),
    ("POST /notifications/read", |pair| {
        let before = pair.victim.admin.notifications();
        let read = pair.stranger.admin.post_empty("/notifications/read").send().expect(200);
        assert_eq!(read, json!({ "read": 0 }));
        assert_eq!(pair.victim.admin.notifications(), before);
    }),
    ("GET /notifications/preferences", |pair| {
        let strangers = pair.stranger.admin.get(PREFERENCES).send().expect(200);
        replace_preferences_of_victim(pair, true);
        assert_eq!(pair.stranger.admin.get(PREFERENCES).send().expect(200), strangers);
    }),
    ("PUT /notifications/preferences", |pair| {
        let victims = replace_preferences_of_victim(pair, false);
        let strangers = pair.stranger.admin.get(PREFERENCES).send().expect(200);
        let mut body = json!({ "preferences": strangers["preferences"] });
        body["preferences"]["orderConfirmed"]["inApp"] = json!(false);
        pair.stranger.admin.put(PREFERENCES, &body).if_match(&strangers).send().expect(200);
        assert_eq!(pair.victim.admin.get(PREFERENCES).send().expect(200), victims);
    }),
];

fn replace_preferences_of_victim(pair: &Pair, email: bool) -> Value {
    let before = pair.victim.admin.get(PREFERENCES).send().expect(200);
    let mut body = json!({ "preferences": before["preferences"] });
    body["preferences"]["orderCancelled"]["email"] = json!(email);
    pair.victim.admin.put(PREFERENCES, &body).if_match(&before).send().expect(200)
}
