use super::Call;

pub(super) const CALLS: &[Call] = &[
    ("GET /openapi.json", "", |fixture| {
        Box::new(|| drop(fixture.world.anonymous().get("/openapi.json").send().expect(200)))
    }),
    ("GET /problems/{type}", "", |fixture| {
        Box::new(|| drop(fixture.world.anonymous().get("/problems/not-found").send().expect(200)))
    }),
];
