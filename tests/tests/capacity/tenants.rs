use tests::journey::onboarding;

use super::Call;

pub(super) const CALLS: &[Call] = &[("POST /tenants", "", |stage| {
    Box::new(|| drop(stage.world.operator().post("/tenants", &onboarding("globex")).send().expect(201)))
})];
