use serde_json::json;

use super::Probe;

pub(super) const PROBES: &[Probe] = &[("GET /me", |pair| {
    let me = pair.stranger.admin.get("/me").send().expect(200);
    assert_eq!((&me["id"], &me["tenantId"]), (&json!(pair.stranger.admin_id), &json!(pair.stranger.id)));
})];
