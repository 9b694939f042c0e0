use client::{eventually, items};

use super::{Call, Stage};

pub(super) const CALLS: &[Call] = &[
    ("GET /audit", "", |stage| listed(stage, "few", "/audit")),
    ("GET /audit", "of one kind", |stage| listed(stage, "fewer", "/audit?kind=tenant.onboarded")),
];

fn listed<'a>(stage: &'a Stage, slug: &str, path: &'static str) -> Box<dyn FnOnce() + 'a> {
    let admin = stage.world.tenant(slug).admin;
    eventually("a row", || (!items(&admin.get(path).send().expect(200)["items"]).is_empty()).then_some(()));
    Box::new(move || drop(admin.get(path).send().expect(200)))
}
