use super::Call;

/// Nothing is metered here, so there is little to read.
pub(super) const CALLS: &[Call] = &[
    ("GET /tenant/usage", "", 2, |fixture| {
        Box::new(|| drop(fixture.tenant.admin.get("/tenant/usage").send().expect(200)))
    }),
    ("GET /tenants/{id}/usage", "", 2, |fixture| {
        let path = format!("/tenants/{}/usage", fixture.tenant.id);
        // The first call opens the tenant's session, which lasts.
        fixture.world.operator().get(&path).send().expect(200);
        Box::new(move || drop(fixture.world.operator().get(&path).send().expect(200)))
    }),
    ("GET /tenants/{id}/usage", "by hour", 2, |fixture| {
        let path = format!("/tenants/{}/usage?by=hour", fixture.tenant.id);
        Box::new(move || drop(fixture.world.operator().get(&path).send().expect(200)))
    }),
    ("GET /usage", "", 1, |fixture| {
        Box::new(|| drop(fixture.world.operator().get("/usage").send().expect(200)))
    }),
];
