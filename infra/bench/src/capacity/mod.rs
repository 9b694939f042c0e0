//! What each endpoint and each consumer consumes, in capacity units, round trips and dollars, beside the least that AWS
//! allows for the same effect.

mod chain;
mod consumers;
mod endpoints;
mod least;

use tests::{Consumed, World};

use self::least::Least;
use crate::prices;
use crate::report::{Report, Table};
use crate::samples::{Samples, milliseconds};
use crate::settings::Settings;

/// How often a user of a class of routes asks in a minute, in which the gateway keeps the authorizer's answer.
const REQUESTS_PER_AUTHORIZATION: f64 = 10.0;

/// What one invocation of a function consumes.
struct Used {
    consumed: Consumed,
    milliseconds: Samples,
    memory_mb: u32,
}

impl Used {
    fn new(world: &World, function: &str, consumed: Consumed) -> Used {
        let mut functions = world.cloud().stack().functions.iter();
        let memory_mb = functions
            .find(|other| other.logical_id == function)
            .unwrap_or_else(|| panic!("the template has no {function}"))
            .memory_mb;
        Used { consumed, milliseconds: Samples::default(), memory_mb }
    }

    /// The price of its calls and units, without those of DynamoDB if `units` are not its own.
    fn price_of_data(&self, units: (f64, f64)) -> f64 {
        let calls = self.consumed.calls.iter().map(|(action, times)| prices::of_call(action) * *times as f64);
        calls.sum::<f64>() + prices::of_units(units.0, units.1)
    }

    /// For a million invocations.
    fn dollars(&self) -> f64 {
        let data = self.price_of_data((self.consumed.units.read, self.consumed.units.write));
        data + prices::of_invocation(self.memory_mb, self.milliseconds.median())
    }

    /// What a million invocations would cost at least.
    fn least_dollars(&self, least: Least) -> f64 {
        self.price_of_data((least.read, least.write)) + prices::of_invocation(256, 1.0)
    }
}

pub(crate) fn measure(settings: &Settings) -> Report {
    let rounds = settings.rounds(10, 3);
    let mut prices = Vec::new();
    let [endpoints, authorizers] = endpoints::tables(rounds, &mut prices);
    let events = consumers::table(rounds, &mut prices);
    let tables = vec![chain::table(&prices), endpoints, authorizers, events, exceptions()];
    Report {
        title: "What calls and events cost",
        method: format!(
            "Each route is called in each case that has a cost of its own: the calls of the suite's test of capacity, \
             which demands equality of units and of round trips, and so do those of consumers. Units are DynamoDB's capacity units, and a round trip \
             is a call of an AWS service, as the local cloud counts both for the function itself. Dollars are those of \
             a million calls at the list prices in `prices.rs` (us-east-1, on demand, arm64): the gateway's request, \
             the invocation with the template's memory, DynamoDB, KMS, SES, EventBridge and SQS; transfer, storage \
             and logs are left out. A function's time is the median of what it logs of {rounds} calls, without cold \
             starts: on this machine, whose DynamoDB answers faster than that of AWS. A millisecond more costs \
             ${:.4} a million at 256 MB. A route with an authorizer bears one of {REQUESTS_PER_AUTHORIZATION} parts \
             of an authorizer's price, as of a user who sends so many requests in the minute that the gateway keeps \
             its answer.\n\n{}\n\n{} Consumers are invoked \
             with one message at a time by the measurement, in sessions that are open already; their time and that \
             of the authorizers and the relay is the cloud's, with the way to their process. SQS charges three \
             requests for a message that comes alone (the rule's, and Lambda's to receive and to delete it), of \
             which messages share the last two in a full batch of the template's size, and an invocation too; the \
             ratio is that of a message that comes alone.",
            prices::of_time(256, 1.0),
            least::RULE,
            least::RULE_OF_EVENTS,
        ),
        tables,
        ..Report::default()
    }
}

/// Runs `work`, and returns how long this function ran meanwhile, in milliseconds; `None` unless it ran once, in a
/// process that was there before.
fn timed(world: &World, function: &str, work: impl FnOnce()) -> Option<f64> {
    let stats = || world.cloud().function_stats().get(function).copied().unwrap_or_default();
    let before = stats();
    work();
    let after = stats();
    let ran_once = after.invocations == before.invocations + 1 && after.cold_starts == before.cold_starts;
    ran_once.then(|| milliseconds(after.duration - before.duration))
}

fn exceptions() -> Table {
    let mut table = Table::new(
        "Where the least differs from the rule",
        ["route", "case", "RCU", "WCU", "round trips", "because"],
    );
    for (route, case, least, because) in least::EXCEPTIONS {
        let Least { read, write, round_trips } = least;
        table.row([
            format!("`{route}`"),
            case.to_owned(),
            read.to_string(),
            write.to_string(),
            round_trips.to_string(),
            because.to_owned(),
        ]);
    }
    table
}

/// The cells that calls and events have in common: ratios of dollars and of round trips, dollars, and what is consumed,
/// each with the least in parentheses.
fn cells(dollars: (f64, f64), used: &Used, least: Least) -> [String; 7] {
    let ratio =
        |used: f64, least: f64| if least > 0.0 { format!("{:.2}", used / least) } else { "–".to_owned() };
    let beside = |used: f64, least: f64| match (used - least).abs() < 1e-9 {
        true => used.to_string(),
        false => format!("{used} ({least})"),
    };
    let trips = (used.consumed.round_trips() as f64, least.round_trips as f64);
    [
        ratio(dollars.0, dollars.1),
        ratio(trips.0, trips.1),
        format!("{:.2} ({:.2})", dollars.0, dollars.1),
        beside(used.consumed.units.read, least.read),
        beside(used.consumed.units.write, least.write),
        beside(trips.0, trips.1),
        used.milliseconds.shown(2),
    ]
}
