use client::{eventually, items};

use super::{Call, Fixture};

pub(super) const CALLS: &[Call] = &[
    ("GET /audit", "", |fixture| listed(fixture, "few", "/audit")),
    ("GET /audit", "of one kind", |fixture| listed(fixture, "fewer", "/audit?kind=tenant.onboarded")),
];

fn listed<'a>(fixture: &'a Fixture, slug: &str, path: &'static str) -> Box<dyn FnOnce() + 'a> {
    let admin = fixture.world.tenant(slug).admin;
    eventually("a row", || (!items(&admin.get(path).send().expect(200)["items"]).is_empty()).then_some(()));
    Box::new(move || drop(admin.get(path).send().expect(200)))
}
