use serde_json::json;
use tests::journey::onboarding;

use super::Call;

pub(super) const CALLS: &[Call] = &[
    ("POST /tenants", "", |stage| {
        Box::new(|| drop(stage.world.operator().post("/tenants", &onboarding("globex")).send().expect(201)))
    }),
    ("GET /tenant", "", |stage| Box::new(|| drop(stage.tenant.admin.get("/tenant").send().expect(200)))),
    ("PATCH /tenant", "", |stage| {
        let tenant = stage.tenant.admin.get("/tenant").send().expect(200);
        let changes = json!({ "name": "Renamed" });
        Box::new(move || {
            drop(stage.tenant.admin.patch("/tenant", &changes).if_match(&tenant).send().expect(200));
        })
    }),
];
