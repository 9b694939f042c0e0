//! Measures the DynamoDB capacity units that each endpoint consumes, and compares them with the costs of its route.
//! The calls are in one module for each context.

mod audit;
mod catalog;
mod dashboard;
mod health;
mod identity;
mod notifications;
mod orders;
mod reference;
mod tenants;

use tests::world::Units;
use tests::{Tenant, World};

struct Fixture {
    world: World,
    tenant: Tenant,
}

/// A route, the case of its cost, and a function that prepares the call. Only the call that it returns is measured.
type Call = (&'static str, &'static str, fn(&Fixture) -> Box<dyn FnOnce() + '_>);

fn calls() -> impl Iterator<Item = &'static Call> {
    [
        audit::CALLS,
        catalog::CALLS,
        dashboard::CALLS,
        health::CALLS,
        identity::CALLS,
        notifications::CALLS,
        orders::CALLS,
        reference::CALLS,
        tenants::CALLS,
    ]
    .into_iter()
    .flatten()
}

#[test]
fn every_endpoint_keeps_its_budget() {
    let world = World::start();
    let fixture = Fixture { tenant: world.tenant("acme"), world };
    let mut broken = Vec::new();
    for operation in World::operations() {
        for cost in &operation.description.costs {
            let key = operation.key();
            let call = calls().find(|call| (call.0, call.1) == (key.as_str(), cost.case.as_str()));
            let Some((_, _, prepare)) = call else {
                broken.push(format!("{key} {}: no call measures it", cost.case));
                continue;
            };
            let ((), consumed) = fixture.world.measure(prepare(&fixture));
            let units = consumed.get(&operation.function).copied().unwrap_or_default();
            println!("{key} {}: {units:?}, expected {cost:?}", cost.case);
            if units != (Units { read: cost.read, write: cost.write }) {
                broken.push(format!("{key} {} consumed {units:?}, expected {cost:?}", cost.case));
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
    for (key, case, _) in calls() {
        let costs = World::operations().iter().filter(|operation| operation.key() == *key);
        let mut costs = costs.flat_map(|operation| &operation.description.costs);
        assert!(costs.any(|cost| cost.case == *case), "no route names the cost of {key} {case}");
    }
}

/// The comparison above would be worthless if the measurement always returned zero.
#[test]
fn what_is_consumed_is_measured() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let (_, consumed) = world.measure(|| tenant.admin.create_product("Desk lamp", 1250));
    assert_eq!(consumed.get("CreateProductFunction"), Some(&Units { read: 0.0, write: 5.0 }));
}
