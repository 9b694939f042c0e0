use serde_json::json;

use super::Probe;

pub(super) const PROBES: &[Probe] = &[
    ("GET /tenant", |pair| {
        assert_eq!(pair.stranger.admin.get("/tenant").send().expect(200)["id"], pair.stranger.id);
    }),
    ("PATCH /tenant", |pair| {
        let own = pair.stranger.admin.get("/tenant").send().expect(200);
        let changes = json!({ "name": "Renamed" });
        pair.stranger.admin.patch("/tenant", &changes).if_match(&own).send().expect(200);
        assert_eq!(pair.victim.admin.get("/tenant").send().expect(200)["name"], "Tenant acme");
    }),
];
