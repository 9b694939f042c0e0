use super::Call;

pub(super) const CALLS: &[Call] = &[("GET /health", "", |fixture| {
    Box::new(|| drop(fixture.world.anonymous().get("/health").send().expect(200)))
})];
