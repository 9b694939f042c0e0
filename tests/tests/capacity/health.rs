use super::Call;

use super::Fixture;

fn ask(fixture: &Fixture) {
    fixture.world.anonymous().get("/health").send().expect(200);
}

pub(super) const CALLS: &[Call] = &[
    ("GET /health", "", |fixture| Box::new(|| ask(fixture))),
    ("GET /health", "again within five seconds", |fixture| {
        ask(fixture);
        Box::new(|| ask(fixture))
    }),
];
