//! Measures the DynamoDB capacity units that each endpoint consumes, and compares them with the costs of its route; and
//! the calls of AWS services that its function makes. The calls of the API are those of `tests::calls`.

use std::collections::BTreeMap;

use tests::calls::{self, Fixture, calls};
use tests::world::Units;
use tests::{Consumed, World};

#[test]
fn every_endpoint_keeps_its_budget() {
    let fixture = Fixture::open();
    let mut broken = Vec::new();
    for operation in World::operations() {
        for cost in &operation.description.costs {
            let key = operation.key();
            let Some((_, _, round_trips, prepare)) = calls::of(operation, cost) else {
                broken.push(format!("{key} {}: no call measures it", cost.case));
                continue;
            };
            let (world, call) = (&fixture.world, prepare(&fixture));
            let ((), consumed) = world.consumed(&operation.function, call);
            let Consumed { units, calls } = &consumed;
            println!("{key} {}: {units:?}, expected {cost:?}; {calls:?}", cost.case);
            if *units != (Units { read: cost.read, write: cost.write }) {
                broken.push(format!("{key} {} consumed {units:?}, expected {cost:?}", cost.case));
            }
            if consumed.round_trips() != *round_trips {
                broken.push(format!("{key} {} called {calls:?}, expected {round_trips}", cost.case));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
    // All responses were compared with the document. This makes sure that each documented success was among them.
    for operation in World::operations() {
        let (key, success) = (operation.key(), operation.description.success);
        assert!(World::answers().has_seen(&key, success), "no call of {key} was answered with {success}");
    }
}

#[test]
fn every_route_names_its_cost_and_every_call_a_route() {
    for operation in World::operations() {
        assert!(!operation.description.costs.is_empty(), "{} names no cost", operation.key());
    }
    for (key, case, ..) in calls() {
        let costs = World::operations().iter().filter(|operation| operation.key() == *key);
        let mut costs = costs.flat_map(|operation| &operation.description.costs);
        assert!(costs.any(|cost| cost.case == *case), "no route names the cost of {key} {case}");
    }
}

/// The comparison above would be worthless if the measurement always returned zero.
#[test]
fn what_is_consumed_is_measured() {
    let world = World::start_unlimited();
    let tenant = world.tenant("acme");
    let (_, consumed) = world.measure(|| tenant.admin.create_product("Desk lamp", 1250));
    assert_eq!(consumed.get("CreateProductFunction"), Some(&Units { read: 0.0, write: 7.0 }));
}

/// Each service is called in a form of its own, and a session's opener is who calls.
#[test]
fn calls_of_each_service_are_counted_for_the_function_that_makes_them() {
    let world = World::start_unlimited();
    let (tenant, called) = world.count_calls(|| world.tenant("acme"));
    let times = |function: &str, action: &str| {
        called.get(function).and_then(|actions| actions.get(action)).copied().unwrap_or_default()
    };
    for (action, count) in [("AssumeRole", 1), ("BatchGetItem", 1), ("Sign", 1), ("PutItem", 2)] {
        assert_eq!(times("LogInFunction", action), count, "{action}: {called:?}");
    }
    assert_eq!(times("OnboardTenantFunction", "TransactWriteItems"), 1, "{called:?}");
    let ((), called) = world.count_calls(|| {
        tenant.settled_order();
        world.wait_until_consumed();
    });
    assert!(called["RelayEventsFunction"]["PutEvents"] > 0, "{called:?}");
    let (_, called) = world.count_calls(|| tenant.admin.me());
    assert_eq!(called["GetMeFunction"], BTreeMap::from([("GetItem".to_owned(), 2)]));
}

/// The role book costs one unit however full it is: all that decides a token is read in one request.
#[test]
fn an_authorizer_reads_as_much_for_a_tenant_of_many_roles_as_for_one_of_none() {
    let world = World::start_unlimited();
    let tenant = world.tenant("acme");
    let read = || {
        let session = world.anonymous().log_in("acme", &tenant.email, tests::journey::PASSWORD).expect(201);
        let token = session["accessToken"].as_str().unwrap().to_owned();
        let me = || drop(world.anonymous().bearing(&token).me());
        world.consumed("AuthorizeReadFunction", me).1
    };
    // The first one opens the session for the tenant.
    read();
    let before = read();
    assert_eq!(before.units, Units { read: 4.5, write: 0.0 });
    assert_eq!(before.calls, BTreeMap::from([("BatchGetItem".to_owned(), 1)]));
    for number in 1..=50 {
        let role = serde_json::json!({ "name": format!("Role with a name {number}"), "permissions": ["users:read"] });
        tenant.admin.post("/roles", &role).send().expect(201);
    }
    assert_eq!(read().units, before.units);
}
