use super::Call;

pub(super) const CALLS: &[Call] = &[("GET /notifications", "", |stage| {
    stage.tenant.settled_order();
    Box::new(|| drop(stage.tenant.admin.notifications()))
})];
