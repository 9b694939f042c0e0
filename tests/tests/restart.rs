//! State on disk survives a `kill -9` of the `cloud` program.

use std::os::unix::fs::symlink;
use std::path::Path;

use tests::journey::notification_count;
use tests::process::CloudProcess;
use tests::{Tenant, workspace};

/// Links all functions into the directory, but a program that always fails in place of this one.
fn link_binaries_except(broken: &str, directory: &Path) {
    let template = std::fs::read_to_string(workspace::template()).unwrap();
    for name in tests::binaries::named_by(&template) {
        let program = if name == broken { "/bin/false".into() } else { workspace::binaries().join(name) };
        symlink(program, directory.join(name)).unwrap();
    }
}

fn signed_in_again(cloud: &CloudProcess, before: &Tenant) -> Tenant {
    let admin = cloud.anonymous().bearing(&before.token);
    let me = admin.get("/me").send().expect(200);
    assert_eq!(me["id"], before.admin_id, "a token from before the restart is still valid");
    Tenant {
        id: before.id.clone(),
        slug: before.slug.clone(),
        email: before.email.clone(),
        admin_id: before.admin_id.clone(),
        token: before.token.clone(),
        admin,
    }
}

/// The relay fails until the kill, so it is certain that the confirmation was not projected before.
#[test]
fn a_confirmation_that_was_not_yet_projected_is_projected_after_a_restart() {
    tests::binaries::ensure_binaries();
    let data = tempfile::tempdir().unwrap();
    let binaries = tempfile::tempdir().unwrap();
    link_binaries_except("relay_events", binaries.path());

    let cloud = CloudProcess::start(data.path(), binaries.path());
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

/// The kill follows the response at once, so it meets the event at different points of its delivery.
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
