use crate::journey::onboarding;

use super::Call;

pub(super) const CALLS: &[Call] = &[
    ("POST /tenants", "", 3, |fixture| {
        let body = onboarding(&fixture.unique("globex"));
        Box::new(move || drop(fixture.world.operator().post("/tenants", &body).send().expect(201)))
    }),
    ("GET /tenants/{id}", "", 1, |fixture| {
        let path = format!("/tenants/{}", fixture.tenant.id);
        Box::new(move || drop(fixture.world.operator().get(&path).send().expect(200)))
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
