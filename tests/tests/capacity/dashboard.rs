use super::Call;

pub(super) const CALLS: &[Call] = &[("GET /bff/dashboard", "", |stage| {
    stage.tenant.settled_order();
    Box::new(|| drop(stage.tenant.admin.dashboard()))
})];
