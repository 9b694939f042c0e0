use super::Call;

pub(super) const CALLS: &[Call] = &[
    ("GET /openapi.json", "", 0, |fixture| {
        Box::new(|| drop(fixture.world.anonymous().get("/openapi.json").send().expect(200)))
    }),
    ("GET /problems/{type}", "", 0, |fixture| {
        Box::new(|| drop(fixture.world.anonymous().get("/problems/not-found").send().expect(200)))
    }),
];
