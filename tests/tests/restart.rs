//! State on disk survives a `kill -9` of the `cloud` program.

use tests::binaries::{ensure_binaries, link_functions};
use tests::journey::notification_count;
use tests::process::CloudProcess;
use tests::{Tenant, workspace};

/// The relay fails until the kill, so it is certain that the confirmation was not projected before.
#[test]
fn a_confirmation_that_was_not_yet_projected_is_projected_after_a_restart() {
    ensure_binaries();
    let data = tempfile::tempdir().unwrap();
    let binaries = tempfile::tempdir().unwrap();
    link_functions(binaries.path(), |name| (name == "relay_events").then(|| "/bin/false".to_owned()));

    let cloud = CloudProcess::start(data.path(), binaries.path());
    let tenant = Tenant::onboard(&cloud.operator(), &cloud.anonymous(), "acme");
    let order = tenant.admin.confirm(&tenant.order()).expect(200);
    let dashboard = tenant.admin.dashboard();
    assert_eq!(dashboard["recentOrders"], serde_json::json!([]));
    cloud.kill();

    let cloud = CloudProcess::start(data.path(), &workspace::binaries());
    let tenant = tenant.at(&cloud.anonymous());
    assert_eq!(tenant.admin.order(&order), order);
    let dashboard = tenant.settled(&order);
    assert_eq!(notification_count(&dashboard), 1);
}

/// The kill follows the response at once, so it meets the event at different points of its delivery.
#[test]
fn a_kill_right_after_a_confirmation_loses_and_doubles_nothing() {
    ensure_binaries();
    let data = tempfile::tempdir().unwrap();
    let mut cloud = CloudProcess::start(data.path(), &workspace::binaries());
    let mut tenant = Tenant::onboard(&cloud.operator(), &cloud.anonymous(), "acme");
    let mut orders = Vec::new();
    for _ in 0..3 {
        orders.push(tenant.admin.confirm(&tenant.order()).expect(200));
        cloud.kill();
        cloud = CloudProcess::start(data.path(), &workspace::binaries());
        tenant = tenant.at(&cloud.anonymous());
    }
    for order in &orders {
        assert_eq!(&tenant.admin.order(order), order);
        tenant.settled(order);
    }
    assert_eq!(notification_count(&tenant.admin.dashboard()), 3);
}
