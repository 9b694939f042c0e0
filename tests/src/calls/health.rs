use super::{Call, Fixture};

fn ask(fixture: &Fixture) {
    fixture.world.anonymous().get("/health").send().expect(200);
}

pub(super) const CALLS: &[Call] = &[
    ("GET /health", "", 2, |fixture| Box::new(|| ask(fixture))),
    ("GET /health", "again within five seconds", 0, |fixture| {
        ask(fixture);
        Box::new(|| ask(fixture))
    }),
];
