use super::Call;

pub(super) const CALLS: &[Call] = &[("GET /bff/dashboard", "", |fixture| {
    fixture.tenant.settled_order();
    Box::new(|| drop(fixture.tenant.admin.dashboard()))
})];
