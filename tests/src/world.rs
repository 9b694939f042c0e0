//! A cloud for one test: in memory, on free ports, and stopped when it is dropped.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use client::{Anonymous, Keys, Operator, eventually};
use cloud::model::REGION;
use cloud::services::Credential;
use cloud::{Authorization, Backend, Cloud, Effect, Fault, Options, Storage, Times};
use contract::{Consumer, Contract, Operation};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::answers::{self, Answers};
use crate::binaries::ensure_binaries;
use crate::journey::{self, Tenant};
use crate::wire;
use crate::workspace;

/// The logical id of the operators' API.
pub const OPERATORS_API: &str = "OperatorsApi";
pub const MAIL_SENDER: &str = "no-reply@terrace.example";

/// DynamoDB capacity units.
#[derive(Debug, Default, Clone, Copy, PartialEq)]
pub struct Units {
    pub read: f64,
    pub write: f64,
}

pub struct Route {
    pub key: String,
    pub function: String,
    /// Whether the route has the authorizer.
    pub of_tenants: bool,
}

pub struct World {
    /// `None` only while it is dropped, because stopping consumes the cloud.
    cloud: Option<Cloud>,
    anonymous: Anonymous,
    pub(crate) is_metered: bool,
}

impl World {
    pub fn start() -> World {
        World::start_with(|_| {})
    }

    /// Starts a cloud that does not count requests, which would be sampled, for tests of what is consumed and called.
    pub fn start_unlimited() -> World {
        World::start_with(|options| {
            options.parameters.insert("LimitRequests".to_owned(), "false".to_owned());
        })
    }

    /// Starts a cloud with other options than those of most tests.
    pub fn start_with(change: impl FnOnce(&mut Options)) -> World {
        World::answers();
        let mut options = options();
        change(&mut options);
        let cloud = runtime().block_on(Cloud::start(options)).unwrap_or_else(|refusal| panic!("{refusal}"));
        let anonymous = answers::anonymous(&cloud.url());
        let world = World { cloud: Some(cloud), anonymous, is_metered: false };
        world.meter(false);
        world.run_due_by_the_clock(false);
        world
    }

    pub fn cloud(&self) -> &Cloud {
        self.cloud.as_ref().expect("the cloud runs until the world is dropped")
    }

    pub fn anonymous(&self) -> Anonymous {
        self.anonymous.clone()
    }

    pub fn operator(&self) -> Operator {
        self.operator_as("operator")
    }

    /// A client of the operators' API with the keys of this profile.
    pub fn operator_as(&self, profile: &str) -> Operator {
        answers::operator(self.operators_url(), self.keys(profile))
    }

    /// The keys of a profile of the template.
    pub fn keys(&self, profile: &str) -> Keys {
        let keys = self.cloud().profile(profile).unwrap_or_else(|| panic!("{profile} is no profile"));
        let Credential { access_key_id, secret_access_key, session_token } = keys;
        Keys::new(access_key_id, secret_access_key, session_token, REGION)
    }

    pub fn operators_url(&self) -> &str {
        self.cloud().api_url(OPERATORS_API).expect("the template has the operators' API")
    }

    /// A client that sends no signature to the operators' API.
    pub fn unsigned(&self) -> Anonymous {
        answers::anonymous(self.operators_url())
    }

    /// Returns the result of `work`, and the capacity units that each function consumed meanwhile. Counting requests is
    /// sampled, and has a price of its own.
    pub fn measure<T>(&self, work: impl FnOnce() -> T) -> (T, BTreeMap<String, Units>) {
        let log = self.cloud().capacity();
        let mark = log.mark();
        let result = work();
        let mut by_function = BTreeMap::<String, Units>::new();
        for consumed in
            log.since(mark).into_iter().filter(|consumed| !consumed.table.ends_with("-UsageTable"))
        {
            let units = by_function.entry(consumed.function).or_default();
            units.read += consumed.read_units;
            units.write += consumed.write_units;
        }
        (result, by_function)
    }

    /// What sessions have touched so far that is not theirs. Without this call, it fails the test when the world is
    /// dropped.
    pub fn foreign_touches(&self) -> Vec<String> {
        wire::foreign_touches(self.cloud().services().wire())
    }

    /// The routes of all APIs except HEAD. Their keys have the form `GET /path`.
    pub fn routes(&self) -> Vec<Route> {
        let route = |route: &cloud::model::Route| Route {
            key: format!("{} {}", route.method, route.path),
            function: route.function.clone(),
            of_tenants: route.authorizer.lambda().is_some(),
        };
        let routes = self.cloud().stack().apis.iter().flat_map(|api| &api.routes);
        routes.filter(|route| route.method != "HEAD").map(route).collect()
    }

    /// Compares all responses with the document that is generated from the binaries.
    pub fn answers() -> &'static Answers {
        answers::compare_with(|| {
            let operations = World::operations();
            [contract::openapi::tenants(operations), contract::openapi::operators(operations)]
                .map(|document| document.unwrap_or_else(|error| panic!("{error}")))
        })
    }

    /// What the template and the binaries say of themselves.
    pub fn contract() -> &'static Contract {
        static CONTRACT: OnceLock<Contract> = OnceLock::new();
        CONTRACT.get_or_init(|| {
            ensure_binaries();
            contract::load(workspace::root(), &workspace::binaries())
                .unwrap_or_else(|error| panic!("{error}"))
        })
    }

    /// The operations of the API. A HEAD is not one of them, because it belongs to the GET of its path.
    pub fn operations() -> &'static [Operation] {
        &World::contract().operations
    }

    pub fn consumers() -> &'static [Consumer] {
        &World::contract().consumers
    }

    /// Lets all requests of this action fail whose key has this prefix, until the faults are cleared.
    pub fn fail(&self, action: &str, key_prefix: &str) {
        self.add_fault(action, key_prefix, Effect::Fail, Times::Always);
    }

    pub fn fail_times(&self, action: &str, key_prefix: &str, times: u32) {
        self.add_fault(action, key_prefix, Effect::Fail, Times::First(times));
    }

    /// Lets the next such request take effect, but respond with an error.
    pub fn lose_answer(&self, action: &str, key_prefix: &str) {
        self.add_fault(action, key_prefix, Effect::LoseAnswer, Times::First(1));
    }

    pub fn lose_answers(&self, action: &str, key_prefix: &str) {
        self.add_fault(action, key_prefix, Effect::LoseAnswer, Times::Always);
    }

    pub fn delay(&self, action: &str, key_prefix: &str, delay: Duration) {
        self.add_fault(action, key_prefix, Effect::Delay(delay), Times::Always);
    }

    /// Holds back the next write to partitions with this prefix, whether it is a put or a transaction.
    pub fn delay_a_write(&self, key_prefix: &str, delay: Duration) {
        for action in ["PutItem", "TransactWriteItems"] {
            self.add_fault(action, key_prefix, Effect::Delay(delay), Times::First(1));
        }
    }

    /// Waits until that write is held.
    pub fn wait_until_a_write_is_held(&self) {
        eventually("a write is held", || (self.cloud().faults().active().len() < 2).then_some(()));
    }

    /// Lets transactions conflict with another one in the items whose key has this prefix.
    pub fn conflict(&self, key_prefix: &str, times: Times) {
        self.add_fault("TransactWriteItems", key_prefix, Effect::Conflict, times);
    }

    /// Lets the event bus refuse the events whose type has this prefix, and publish those sent with them.
    pub fn refuse_entries(&self, event_type: &str, times: Times) {
        self.add_fault("PutEvents", event_type, Effect::RefuseEntries, times);
    }

    /// Lets the event bus drop the events whose type has this prefix, and answer only for those sent with them.
    pub fn shorten_answers(&self, event_type: &str, times: Times) {
        self.add_fault("PutEvents", event_type, Effect::ShortAnswer, times);
    }

    fn add_fault(&self, action: &str, key_prefix: &str, effect: Effect, times: Times) {
        let (action, key_prefix) = (action.to_owned(), key_prefix.to_owned());
        self.cloud().faults().add(Fault { action, key_prefix, effect, times });
    }

    pub fn clear_faults(&self) {
        self.cloud().faults().clear();
    }

    /// Runs what is asynchronous, on the threads of the clouds.
    pub fn block_on<F: Future>(&self, work: F) -> F::Output {
        runtime().block_on(work)
    }

    /// Onboards a tenant without signing in.
    pub fn onboard(&self, slug: &str) -> Value {
        journey::onboard(&self.operator(), slug)
    }

    /// Suspends a tenant.
    pub fn suspend(&self, tenant: &str) -> Value {
        let path = format!("/tenants/{tenant}/suspension");
        let body = json!({ "reason": "Unpaid since March" });
        self.operator().put(&path, &body).header("if-match", "*").send().expect(200)
    }

    pub fn resume(&self, tenant: &str) -> Value {
        let path = format!("/tenants/{tenant}/suspension");
        self.operator().delete(&path).header("if-match", "*").send().expect(200)
    }

    /// Onboards a tenant and signs in as its admin.
    pub fn tenant(&self, slug: &str) -> Tenant {
        Tenant::onboard(&self.operator(), &self.anonymous, slug)
    }
}

impl Drop for World {
    fn drop(&mut self) {
        if let Some(cloud) = self.cloud.take() {
            let wire = Arc::clone(cloud.services().wire());
            runtime().block_on(cloud.stop());
            wire::settle(&wire);
        }
    }
}

/// Values for the template's parameters that have no default.
pub fn parameters() -> BTreeMap<String, String> {
    [("MailSender", MAIL_SENDER), ("SignInConcurrency", "10")]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into()
}

fn options() -> Options {
    Options {
        template: workspace::template(),
        parameters: parameters(),
        storage: Storage::Memory,
        authorization: Authorization::Decided,
        backend: Backend::Binaries { directory: workspace::binaries() },
        credentials_file: None,
        gateway_port: 0,
        api_ports: BTreeMap::new(),
        services_port: 0,
        console_port: None,
    }
}

/// All clouds of a test process share one runtime, whose threads outlive each of them.
fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| {
        tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("threads can be started")
    })
}
