use serde_json::json;

use super::Call;

pub(super) const CALLS: &[Call] = &[
    ("GET /tenant", "", 1, |fixture| {
        Box::new(|| drop(fixture.tenant.admin.get("/tenant").send().expect(200)))
    }),
    ("PUT /tenant/registration", "", 2, |fixture| {
        let tenant = fixture.tenant.admin.get("/tenant").send().expect(200);
        let change = json!({ "mode": "open" });
        Box::new(move || {
            let set = fixture.tenant.admin.put("/tenant/registration", &change);
            drop(set.if_match(&tenant).send().expect(200));
        })
    }),
    ("PATCH /tenant", "", 2, |fixture| {
        let tenant = fixture.tenant.admin.get("/tenant").send().expect(200);
        let changes = json!({ "name": fixture.unique("Renamed") });
        Box::new(move || {
            drop(fixture.tenant.admin.patch("/tenant", &changes).if_match(&tenant).send().expect(200));
        })
    }),
];
