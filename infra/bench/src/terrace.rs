//! The program `cloud` as a process of its own, as `make run` starts it.

use std::time::Duration;

use client::{Anonymous, Keys, Operator, items, within};
use serde_json::{Value, json};
use tempfile::TempDir;
use tests::world::OPERATORS_API;

use crate::settings::Settings;
use crate::spawned::Spawned;

/// How long a backlog of events may take.
const CONSUMED_WITHIN: Duration = Duration::from_secs(300);
/// To show its state costs the cloud something, so it is asked rarely.
const POLL: Duration = Duration::from_millis(50);

pub(crate) struct Terrace {
    pub(crate) process: Spawned,
    pub(crate) url: String,
    console: Anonymous,
    pub(crate) data: TempDir,
}

impl Terrace {
    /// With new data on the disk, and without limits of requests.
    pub(crate) fn start(settings: &Settings) -> Terrace {
        Terrace::start_with(settings, "false")
    }

    /// With new data on the disk. `limits` says whether requests are limited.
    pub(crate) fn start_with(settings: &Settings, limits: &str) -> Terrace {
        let data = tempfile::tempdir().expect("a folder for the data can be made");
        // Routes without sign-in are throttled, which is not what is measured.
        let parameters =
            [("OpenRouteRate", "100000"), ("OpenRouteBurst", "100000"), ("LimitRequests", limits)];
        let command = tests::process::command(data.path(), &settings.binaries(), &parameters);
        let process =
            Spawned::start(command, |line| line == "ready").unwrap_or_else(|error| panic!("{error}"));
        let (url, console) = (process.value("API"), Anonymous::new(&process.value("console")));
        Terrace { process, url, console, data }
    }

    /// A client of the operators' API.
    pub(crate) fn operator(&self) -> Operator {
        let keys = Keys::of_profile(&self.data.path().join("credentials"), "operator");
        Operator::new(&self.process.value(OPERATORS_API), keys.unwrap_or_else(|error| panic!("{error}")))
    }

    /// Waits until the relay has published every event, and every consumer has consumed them.
    ///
    /// The stream has one order for all writes, so the relay has published all that was written before an order when it
    /// has published that order. This order is paid for by the load that is waited for.
    pub(crate) fn settle(&self, authorization: &str, product: &str) {
        let tenant = Anonymous::new(&self.url).with("authorization", authorization);
        let body = json!({ "lines": [{ "productId": product, "quantity": 1 }] });
        let last = tenant.post("/orders", &body).send().expect(201);
        let last = client::id(&last).to_owned();
        self.eventually("the last order is published", |state| state["events"].to_string().contains(&last));
        self.eventually("every queue is empty", |state| {
            let queues = items(&state["queues"]);
            let count = |queue: &Value| {
                queue["visible"].as_u64().unwrap_or(1) + queue["inFlight"].as_u64().unwrap_or(1)
            };
            let dead = queues.iter().filter(|queue| queue["deadLetters"] == true).map(count).sum::<u64>();
            assert_eq!(dead, 0, "events were given up: {queues:?}");
            queues.iter().map(count).sum::<u64>() == 0
        });
    }

    fn eventually(&self, what: &str, holds: impl Fn(&Value) -> bool) {
        let seen = within(CONSUMED_WITHIN, || {
            let state = self.console.get("/state").send().expect(200);
            holds(&state).then_some(()).or_else(|| {
                std::thread::sleep(POLL);
                None
            })
        });
        seen.unwrap_or_else(|| panic!("not within {CONSUMED_WITHIN:?}: {what}"));
    }
}
