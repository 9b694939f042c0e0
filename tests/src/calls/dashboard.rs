use super::Call;

pub(super) const CALLS: &[Call] = &[("GET /bff/dashboard", "", 3, |fixture| {
    fixture.tenant.settled_order();
    Box::new(|| drop(fixture.tenant.admin.dashboard()))
})];
