//! A dashboard with a failed section names it as unavailable and shows the others.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tests::World;

/// The sections, each with the read that it depends on: its action, and the part of its partition key after the tenant.
const SECTIONS: [(&str, &str, &str); 3] =
    [("user", "GetItem", "user#"), ("recentOrders", "Query", "orders"), ("notifications", "Query", "inbox#")];

fn without(dashboard: &Value, section: &str) -> Value {
    let mut partial = dashboard.clone();
    partial[section] = Value::Null;
    partial["unavailable"] = json!([section]);
    partial
}

#[test]
fn a_section_that_fails_is_null_and_named_and_back_with_the_next_request() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let order = tenant.settled_order();
    let whole = tenant.settled(&order);
    for (section, action, partition) in SECTIONS {
        world.fail(action, &format!("T#{}#{partition}", tenant.id));
        assert_eq!(tenant.admin.dashboard(), without(&whole, section), "{section}");
        world.clear_faults();
        assert_eq!(tenant.admin.dashboard(), whole, "after {section}");
    }
}

#[test]
fn a_section_that_hangs_costs_its_own_deadline_and_no_more() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let order = tenant.settled_order();
    let whole = tenant.settled(&order);
    for (section, action, partition) in SECTIONS {
        world.delay(action, &format!("T#{}#{partition}", tenant.id), Duration::from_secs(30));
        let start = Instant::now();
        assert_eq!(tenant.admin.dashboard(), without(&whole, section), "{section}");
        let took = start.elapsed();
        assert!(took < Duration::from_secs(5), "{section} took {took:?}");
        world.clear_faults();
        assert_eq!(tenant.admin.dashboard(), whole, "after {section}");
    }
}

#[test]
fn a_dashboard_of_failures_alone_is_still_an_answer() {
    let world = World::start();
    let tenant = world.tenant("acme");
    // The authorizer reads the user as well, so its response must be in the gateway's cache before reads fail.
    tenant.admin.me();
    for (_, action, partition) in SECTIONS {
        world.fail(action, &format!("T#{}#{partition}", tenant.id));
    }
    let mut dashboard = tenant.admin.dashboard();
    let mut unavailable: Vec<String> = serde_json::from_value(dashboard["unavailable"].take()).unwrap();
    unavailable.sort_unstable();
    assert_eq!(unavailable, ["notifications", "recentOrders", "user"]);
    assert_eq!(
        dashboard,
        json!({ "user": null, "recentOrders": null, "notifications": null, "unavailable": null })
    );
}
