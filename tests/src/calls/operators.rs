use client::id;
use serde_json::json;

use crate::journey::onboarding;

use super::Call;

pub(super) const CALLS: &[Call] = &[
    ("POST /tenants", "", 3, |fixture| {
        let body = onboarding(&fixture.unique("globex"));
        Box::new(move || drop(fixture.world.operator().post("/tenants", &body).send().expect(201)))
    }),
    ("GET /tenants/{id}", "", 2, |fixture| {
        let path = format!("/tenants/{}", fixture.tenant.id);
        Box::new(move || drop(fixture.world.operator().get(&path).send().expect(200)))
    }),
    ("PATCH /tenants/{id}", "", 3, |fixture| {
        let tenant = fixture.world.onboard(&fixture.unique("globex"));
        let (operator, path) = (fixture.world.operator(), format!("/tenants/{}", id(&tenant)));
        Box::new(move || {
            drop(operator.patch(&path, &json!({ "tier": "free" })).if_match(&tenant).send().expect(200));
        })
    }),
    ("GET /tiers", "", 1, |fixture| {
        Box::new(|| drop(fixture.world.operator().get("/tiers").send().expect(200)))
    }),
    ("PUT /tiers/{name}", "", 2, |fixture| {
        let operator = fixture.world.operator();
        let known = operator.get("/tiers").send().expect(200);
        let terms = json!({
            "requests": 500, "users": 10, "products": 100, "features": [], "price": { "amount": 0, "currency": "EUR" },
        });
        Box::new(move || drop(operator.put("/tiers/free", &terms).if_match(&known).send().expect(200)))
    }),
    ("POST /tenants", "with a key", 4, |fixture| {
        let slug = fixture.unique("globex");
        let body = onboarding(&slug);
        Box::new(move || {
            let request = fixture.world.operator();
            drop(request.post("/tenants", &body).header("idempotency-key", &slug).send().expect(201));
        })
    }),
];
