//! A call of each route, in each case that has a cost of its own, and how many calls of AWS services each makes. The calls
//! are in one module for each context.

mod audit;
mod catalog;
mod comments;
pub mod consumers;
mod content;
mod dashboard;
mod health;
mod identity;
mod links;
mod notifications;
mod operators;
mod orders;
mod plugins;
mod reference;
mod tenants;
mod usage;

use std::sync::atomic::{AtomicU32, Ordering};

use contract::{Cost, Operation};

use crate::{Tenant, World};

pub struct Fixture {
    pub world: World,
    pub tenant: Tenant,
    made: AtomicU32,
}

/// A route, the case of its cost, how many calls of AWS services its function makes then, and a function that prepares
/// the call. Only the call that it returns is measured. It may be prepared again and again.
pub type Call = (&'static str, &'static str, u64, fn(&Fixture) -> Box<dyn FnOnce() + '_>);

impl Fixture {
    pub fn open() -> Fixture {
        let world = World::start_unlimited();
        Fixture {
            tenant: world.commenting_tenant("acme", &serde_json::json!({})),
            world,
            made: AtomicU32::new(0),
        }
    }

    /// A name that no other call has.
    fn unique(&self, name: &str) -> String {
        format!("{name}{}", self.made.fetch_add(1, Ordering::Relaxed))
    }
}

pub fn calls() -> impl Iterator<Item = &'static Call> {
    [
        audit::CALLS,
        catalog::CALLS,
        comments::CALLS,
        content::CALLS,
        dashboard::CALLS,
        health::CALLS,
        identity::CALLS,
        links::CALLS,
        notifications::CALLS,
        operators::CALLS,
        orders::CALLS,
        plugins::CALLS,
        reference::CALLS,
        tenants::CALLS,
        usage::CALLS,
    ]
    .into_iter()
    .flatten()
}

/// The call of the route in the case of this cost.
pub fn of(operation: &Operation, cost: &Cost) -> Option<&'static Call> {
    calls().find(|(key, case, ..)| *key == operation.key() && *case == cost.case)
}
