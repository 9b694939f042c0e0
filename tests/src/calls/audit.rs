use client::{eventually, items};

use super::{Call, Fixture};

pub(super) const CALLS: &[Call] = &[
    ("GET /audit", "", 1, |fixture| listed(fixture, "/audit")),
    ("GET /audit", "of one kind", 1, |fixture| listed(fixture, "/audit?kind=tenant.onboarded")),
];

fn listed<'a>(fixture: &'a Fixture, path: &'static str) -> Box<dyn FnOnce() + 'a> {
    let admin = fixture.world.tenant(&fixture.unique("audited")).admin;
    eventually("a row", || (!items(&admin.get(path).send().expect(200)["items"]).is_empty()).then_some(()));
    Box::new(move || drop(admin.get(path).send().expect(200)))
}
