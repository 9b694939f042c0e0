use crate::journey::onboarding;

use super::Call;

pub(super) const CALLS: &[Call] = &[
    ("POST /tenants", "", 3, |fixture| {
        let body = onboarding(&fixture.unique("globex"));
        Box::new(move || drop(fixture.world.operator().post("/tenants", &body).send().expect(201)))
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
