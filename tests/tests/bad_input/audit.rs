use serde_json::Value;
use tests::World;

use super::invalid;

#[test]
fn queries_of_the_audit() {
    let world = World::start();
    let admin = world.tenant("acme").admin;
    let event = format!("evt_{}", "0".repeat(32));
    let good = "2026-03-04T05:06:07Z";
    let cursors = [
        event.clone(),
        format!("2026-03-04T05:06:07.089Z%23{event}"),
        format!("{good}~{event}"),
        format!("2026-03-04T05:06:07.089Z~ord_{}", "0".repeat(32)),
        "!".to_owned(),
        String::new(),
    ];
    for cursor in cursors {
        let path = format!("/audit?cursor={cursor}");
        invalid(&world, &path, "/cursor", || admin.get(&path).send());
    }
    for (path, field) in [
        ("/audit?limit=0", "/limit"),
        ("/audit?limit=101", "/limit"),
        ("/audit?actor=ada", "/actor"),
        ("/audit?actor=Operator", "/actor"),
        ("/audit?actor=ord_00000000000000000000000000000000", "/actor"),
        ("/audit?actor=operator&actor=operator", "/actor"),
        ("/audit?kind=", "/kind"),
        ("/audit?kind=order.Confirmed", "/kind"),
        ("/audit?from=yesterday", "/from"),
        ("/audit?from=2026-03-04", "/from"),
        ("/audit?from=2026-03-04T05:06:07", "/from"),
        ("/audit?to=2026-03-04T05:06:07+02:00", "/to"),
        ("/audit?to=2026-02-30T05:06:07Z", "/to"),
        ("/audit?from=2999-01-01T00:00:00Z", "/from"),
        ("/audit?from=2026-03-04T05:06:08Z&to=2026-03-04T05:06:07Z", "/from"),
        ("/audit?tenant=acme", "/tenant"),
    ] {
        invalid(&world, path, field, || admin.get(path).send());
    }
}

#[test]
fn an_unknown_kind_is_refused_with_the_known_kinds() {
    let world = World::start();
    let admin = world.tenant("acme").admin;
    let problem: Value = admin.get("/audit?kind=order.exploded").send().problem(422, "validation");
    let rule = problem["errors"][0]["rule"].as_str().unwrap();
    for kind in ["tenant.onboarded", "order.confirmed", "user.passwordChanged"] {
        assert!(rule.contains(kind), "{rule}");
    }
}

/// Because of its offset, this time is before the year 0, where timestamps as text are not in the order of time.
#[test]
fn a_time_before_all_events_lists_nothing() {
    let world = World::start();
    let page = world.tenant("acme").admin.get("/audit?to=0000-01-01T00:00:00%2B01:00").send().expect(200);
    assert_eq!(page["items"], Value::Array(Vec::new()));
}
