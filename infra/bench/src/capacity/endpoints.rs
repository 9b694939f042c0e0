//! Endpoints, and the authorizers before them.

use client::{Admin, eventually};
use contract::{Operation, RequiredAccess};
use serde_json::Value;
use tests::calls::{self, Call, Fixture};
use tests::journey::PASSWORD;
use tests::{Consumed, World};

use super::chain::Price;
use super::least::{self, Least};
use super::{REQUESTS_PER_AUTHORIZATION, Used, cells, timed};
use crate::prices;
use crate::report::Table;

/// An authorizer, and a request that it decides.
type Authorizer = (&'static str, fn(&Admin));

/// One for each class of routes.
const AUTHORIZERS: [Authorizer; 3] = [
    ("AuthorizeReadFunction", |admin| drop(admin.get("/products?limit=1").send().expect(200))),
    ("AuthorizeWriteFunction", |admin| drop(admin.post_empty("/notifications/read").send().expect(200))),
    ("AuthorizeIdentityFunction", |admin| drop(admin.get("/users?limit=1").send().expect(200))),
];

struct Endpoint {
    operation: &'static Operation,
    call: &'static Call,
    used: Option<Used>,
    /// The time of the first call in a new process, in milliseconds.
    cold: Option<f64>,
}

pub(super) fn tables(rounds: usize, prices: &mut Vec<Price>) -> [Table; 2] {
    let fixture = Fixture::open();
    let mut endpoints: Vec<Endpoint> = endpoints().collect();
    // Of each endpoint once before any of them again: the first calls find the rows that the costs are declared for.
    for _ in 0..rounds {
        for endpoint in &mut endpoints {
            endpoint.sample(&fixture);
        }
    }
    let authorizers =
        AUTHORIZERS.map(|(function, ask)| (function, authorizer(&fixture, function, ask, rounds)));
    let share =
        authorizers.iter().map(|(_, used)| used.dollars()).fold(0.0, f64::max) / REQUESTS_PER_AUTHORIZATION;
    [of_endpoints(endpoints, share, prices), of_authorizers(&authorizers)]
}

fn endpoints() -> impl Iterator<Item = Endpoint> {
    World::operations().iter().flat_map(|operation| {
        operation.description.costs.iter().map(move |cost| {
            let key = operation.key();
            let call = calls::of(operation, cost);
            let call = call.unwrap_or_else(|| panic!("no call measures {key} {}", cost.case));
            Endpoint { operation, call, used: None, cold: None }
        })
    })
}

impl Endpoint {
    /// Units and calls are those of the first sample. Times are those of warm calls that do the same.
    fn sample(&mut self, fixture: &Fixture) {
        let (function, world) = (self.operation.function.as_str(), &fixture.world);
        let call = (self.call.3)(fixture);
        let before = newest_line(world, function).map(|line| line["request_id"].clone());
        let ((), consumed) = world.consumed(function, call);
        let line = eventually("the function has logged the request", || {
            newest_line(world, function).filter(|line| before.as_ref() != Some(&line["request_id"]))
        });
        let used = self.used.get_or_insert_with(|| {
            assert_declared(self.operation, self.call, &consumed);
            Used::new(world, function, consumed.clone())
        });
        let took = line["duration_us"].as_f64().expect("a request's line has its duration") / 1e3;
        match line["cold_start"] == true {
            true => self.cold = Some(took),
            false if used.consumed.calls == consumed.calls => used.milliseconds.add(took),
            false => {}
        }
    }

    /// What only a new process does has no warm sample.
    fn finish(mut self) -> (String, Used, Least) {
        let mut used = self.used.take().expect("it was sampled");
        if used.milliseconds.len() == 0 {
            used.milliseconds.extend(self.cold);
        }
        let (key, case) = (self.operation.key(), self.call.1);
        let name = if case.is_empty() { format!("`{key}`") } else { format!("`{key}`, {case}") };
        (name, used, least::of_call(self.operation, case))
    }
}

/// A measurement that differs from what the suite demands would measure something else.
fn assert_declared(operation: &Operation, call: &Call, consumed: &Consumed) {
    let (key, case, round_trips, _) = call;
    let cost = operation.description.costs.iter().find(|cost| cost.case == *case).expect("a declared cost");
    let measured = (consumed.units.read, consumed.units.write, consumed.round_trips());
    assert_eq!(measured, (cost.read, cost.write, *round_trips), "{key} {case}: {consumed:?}");
}

/// The newest line that a function has logged of a request.
fn newest_line(world: &World, function: &str) -> Option<Value> {
    let prefix = format!("{function}: ");
    world.cloud().logs().iter().rev().find_map(|line| {
        let line: Value = serde_json::from_str(line.strip_prefix(&prefix)?).ok()?;
        line["duration_us"].is_u64().then_some(line)
    })
}

/// The authorizer is asked for each new token once.
fn authorizer(fixture: &Fixture, function: &str, ask: fn(&Admin), rounds: usize) -> Used {
    let (world, tenant) = (&fixture.world, &fixture.tenant);
    let mut used = None;
    for _ in 0..=rounds {
        let session = world.anonymous().log_in(&tenant.slug, &tenant.email, PASSWORD).expect(201);
        let admin =
            world.anonymous().bearing(session["accessToken"].as_str().expect("a session has a token"));
        let (took, consumed) = world.consumed(function, || timed(world, function, || ask(&admin)));
        let Some(took) = took else { continue };
        let used = used.get_or_insert_with(|| Used::new(world, function, consumed));
        used.milliseconds.add(took);
    }
    used.expect("it was sampled")
}

fn of_endpoints(endpoints: Vec<Endpoint>, share_of_authorizer: f64, known: &mut Vec<Price>) -> Table {
    let mut table = Table::new(
        "A call, with the least in parentheses where it is less",
        ["route", "× least $", "× least trips", "$ a million", "RCU", "WCU", "round trips", "its ms", "MB"],
    );
    for endpoint in endpoints {
        let is_of_tenants = is_of_tenants(endpoint.operation);
        let (name, used, least) = endpoint.finish();
        let share = if is_of_tenants { share_of_authorizer } else { 0.0 };
        let dollars = prices::HTTP_REQUEST + used.dollars() + share;
        let least_dollars = prices::HTTP_REQUEST + used.least_dollars(least);
        let memory = used.memory_mb.to_string();
        known.push(Price { name: name.clone(), dollars, in_a_batch: dollars, least: least_dollars });
        table.row([name].into_iter().chain(cells((dollars, least_dollars), &used, least)).chain([memory]));
    }
    table
}

fn is_of_tenants(operation: &Operation) -> bool {
    matches!(operation.description.required_access, RequiredAccess::Tenant(_))
}

fn of_authorizers(authorizers: &[(&str, Used)]) -> Table {
    let mut table = Table::new(
        "An authorizer, once a minute for each token and class of routes",
        ["function", "$ a million", "RCU", "WCU", "round trips", "its ms"],
    );
    for (function, used) in authorizers {
        table.row([
            format!("`{function}`"),
            format!("{:.2}", used.dollars()),
            used.consumed.units.read.to_string(),
            used.consumed.units.write.to_string(),
            used.consumed.round_trips().to_string(),
            used.milliseconds.shown(2),
        ]);
    }
    table
}
