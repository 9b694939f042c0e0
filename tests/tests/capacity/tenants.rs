use serde_json::json;
use tests::journey::onboarding;

use super::Call;

pub(super) const CALLS: &[Call] = &[
    ("POST /tenants", "", |fixture| {
        Box::new(|| drop(fixture.world.operator().post("/tenants", &onboarding("globex")).send().expect(201)))
    }),
    ("GET /tenant", "", |fixture| Box::new(|| drop(fixture.tenant.admin.get("/tenant").send().expect(200)))),
    ("PATCH /tenant", "", |fixture| {
        let tenant = fixture.tenant.admin.get("/tenant").send().expect(200);
        let changes = json!({ "name": "Renamed" });
        Box::new(move || {
            drop(fixture.tenant.admin.patch("/tenant", &changes).if_match(&tenant).send().expect(200));
        })
    }),
];
