use client::{eventually, items};

use super::Probe;

pub(super) const PROBES: &[Probe] = &[("GET /audit", |pair| {
    let own = |list: &str| {
        let found = pair.stranger.admin.get(list).send().expect(200);
        for foreign in [&pair.victim.id, &pair.victim.admin_id] {
            assert!(!found.to_string().contains(foreign), "{list} shows {foreign}: {found}");
        }
        items(&found["items"]).len()
    };
    eventually("the stranger's own onboarding", || (own("/audit") > 0).then_some(()));
    assert_eq!(own(&format!("/audit?actor={}", pair.victim.admin_id)), 0);
    assert_eq!(own("/audit?kind=order.confirmed"), 0);
})];
