//! `kill -9` of the real `cloud`, its state on a disk, and what is right after the next start.

use std::os::unix::fs::symlink;
use std::path::Path;

use tests::journey::notification_count;
use tests::process::CloudProcess;
use tests::{Tenant, workspace};

/// All of the build's functions but this one, in whose place a program is that always fails.
fn binaries_without(broken: &str, directory: &Path) {
    let template = std::fs::read_to_string(workspace::template()).unwrap();
    for name in tests::binaries::named_by(&template) {
        let program = if name == broken { "/bin/false".into() } else { workspace::binaries().join(name) };
        symlink(program, directory.join(name)).unwrap();
    }
}

fn signed_in_again(cloud: &CloudProcess, before: &Tenant) -> Tenant {
    let admin = cloud.anonymous().bearing(&before.token);
    let me = admin.get("/me").send().expect(200);
    assert_eq!(me["id"], before.admin_id, "a token from before the restart is still good");
    Tenant {
        id: before.id.clone(),
        slug: before.slug.clone(),
        email: before.email.clone(),
        admin_id: before.admin_id.clone(),
        token: before.token.clone(),
        admin,
    }
}

/// The relay does not run before the kill, so the projection has not happened: for certain, not by luck.
#[test]
fn a_confirmation_that_was_not_yet_projected_is_projected_after_a_restart() {
    tests::binaries::ensure_binaries();
    let data = tempfile::tempdir().unwrap();
    let crippled = tempfile::tempdir().unwrap();
    binaries_without("relay_events", crippled.path());

    let cloud = CloudProcess::start(data.path(), crippled.path());
    let tenant = Tenant::onboard(&cloud.operator(), &cloud.anonymous(), "acme");
    let order = tenant.admin.confirm(&tenant.order()).expect(200);
    let dashboard = tenant.admin.dashboard();
    assert_eq!(dashboard["recentOrders"], serde_json::json!([]));
    cloud.kill();

    let cloud = CloudProcess::start(data.path(), &workspace::binaries());
    let tenant = signed_in_again(&cloud, &tenant);
    assert_eq!(tenant.admin.order(&order), order);
    let dashboard = tenant.settled(&order);
    assert_eq!(notification_count(&dashboard), 1);
}

/// Killed at once after the answer, wherever the event then was.
#[test]
fn a_kill_right_after_a_confirmation_loses_and_doubles_nothing() {
    tests::binaries::ensure_binaries();
    let data = tempfile::tempdir().unwrap();
    let mut cloud = CloudProcess::start(data.path(), &workspace::binaries());
    let mut tenant = Tenant::onboard(&cloud.operator(), &cloud.anonymous(), "acme");
    let mut orders = Vec::new();
    for _ in 0..3 {
        orders.push(tenant.admin.confirm(&tenant.order()).expect(200));
        cloud.kill();
        cloud = CloudProcess::start(data.path(), &workspace::binaries());
        tenant = signed_in_again(&cloud, &tenant);
    }
    for order in &orders {
        assert_eq!(&tenant.admin.order(order), order);
        tenant.settled(order);
    }
    assert_eq!(notification_count(&tenant.admin.dashboard()), 3);
}
