use super::Call;

pub(super) const CALLS: &[Call] = &[("GET /health", "", |stage| {
    Box::new(|| drop(stage.world.anonymous().get("/health").send().expect(200)))
})];
