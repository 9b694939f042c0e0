use super::Call;

pub(super) const CALLS: &[Call] = &[
    ("GET /openapi.json", "", |stage| {
        Box::new(|| drop(stage.world.anonymous().get("/openapi.json").send().expect(200)))
    }),
    ("GET /problems/{type}", "", |stage| {
        Box::new(|| drop(stage.world.anonymous().get("/problems/not-found").send().expect(200)))
    }),
];
