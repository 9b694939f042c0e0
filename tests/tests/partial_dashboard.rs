//! A dashboard whose section fails says so and shows the rest.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tests::World;

/// A section, and the read that it depends on: action, and what follows the tenant in its partition key.
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
    // The gateway keeps the authorizer's answer, which depends on the user as well.
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
