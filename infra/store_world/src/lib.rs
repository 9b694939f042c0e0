//! The local cloud in memory and without functions, for tests of stores. It does not depend on `platform`, because the
//! tests of `platform` use it as well.

// A test cannot continue without a cloud.
#![allow(clippy::expect_used)]

use std::collections::BTreeMap;
use std::ops::Deref;
use std::path::Path;

pub use cloud::Times;
use cloud::services::Mark;
use cloud::{Authorization, Backend, Cloud, Consumed, Effect, Fault, Options, Storage};

/// A cloud for one test, and the test's access to its tenant table.
pub struct World<T> {
    cloud: Cloud,
    table: T,
    _no_binaries: tempfile::TempDir,
}

impl<T> World<T> {
    /// Starts a cloud. `open` gets the endpoint, the name of the table, and the credentials of a function.
    pub async fn start(open: fn(&str, String, [String; 3]) -> T) -> World<T> {
        let no_binaries = tempfile::tempdir().expect("a temporary directory can be created");
        let parameters = [
            ("MailSender".to_owned(), "no-reply@terrace.example".to_owned()),
            ("SignInConcurrency".to_owned(), "10".to_owned()),
        ];
        let options = Options {
            template: Path::new(env!("CARGO_MANIFEST_DIR")).join("../../template.yaml"),
            parameters: parameters.into(),
            storage: Storage::Memory,
            // A store is tested apart from the functions that call it, and from their rights.
            authorization: Authorization::Open,
            backend: Backend::Binaries { directory: no_binaries.path().to_owned() },
            credentials_file: None,
            gateway_port: 0,
            api_ports: BTreeMap::new(),
            services_port: 0,
            console_port: None,
        };
        let cloud = Cloud::start(options).await.unwrap_or_else(|refusal| panic!("{refusal}"));
        let functions = &cloud.stack().functions;
        let function = functions.iter().find(|function| function.environment.contains_key("TENANT_TABLE"));
        let function = function.expect("the template has a function that uses the tenant table");
        let keys = cloud.services().credentials().issue(&function.role_arn, &function.logical_id);
        let table = open(
            &cloud.services_url(),
            function.environment["TENANT_TABLE"].clone(),
            [keys.access_key_id, keys.secret_access_key, keys.session_token.unwrap_or_default()],
        );
        World { cloud, table, _no_binaries: no_binaries }
    }

    /// Lets transactions conflict with others in the items whose key has this prefix.
    pub fn conflict(&self, key_prefix: &str, times: Times) {
        let (action, key_prefix) = ("TransactWriteItems".to_owned(), key_prefix.to_owned());
        self.cloud.faults().add(Fault { action, key_prefix, effect: Effect::Conflict, times });
    }

    /// Lets all requests of this action fail whose key has this prefix.
    pub fn fail(&self, action: &str, key_prefix: &str) {
        let (action, key_prefix) = (action.to_owned(), key_prefix.to_owned());
        self.cloud.faults().add(Fault { action, key_prefix, effect: Effect::Fail, times: Times::Always });
    }

    /// Lets the first so many requests of this action fail whose key has this prefix.
    pub fn fail_times(&self, action: &str, key_prefix: &str, times: u32) {
        let (action, key_prefix) = (action.to_owned(), key_prefix.to_owned());
        self.cloud.faults().add(Fault {
            action,
            key_prefix,
            effect: Effect::Fail,
            times: Times::First(times),
        });
    }

    /// The URL of the queue with this logical id.
    pub fn queue_url(&self, queue: &str) -> String {
        let mut queues = self.cloud.stack().queues.iter();
        queues.find(|other| other.logical_id == queue).expect("a queue of the template").url.clone()
    }

    /// The bodies of the messages in the queue with this logical id.
    pub fn messages(&self, queue: &str) -> Vec<String> {
        let messages = self.cloud.services().messages(queue).expect("a queue of the template");
        messages.into_iter().map(|message| message.body).collect()
    }

    /// Deletes them.
    pub fn purge(&self, queue: &str) {
        self.cloud.services().purge(queue).expect("a queue of the template");
    }

    /// The ARN of the role with this logical id.
    pub fn role_arn(&self, role: &str) -> String {
        let mut roles = self.cloud.stack().roles.iter();
        roles.find(|other| other.logical_id == role).expect("a role of the template").arn.clone()
    }

    pub fn mark(&self) -> Mark {
        self.cloud.capacity().mark()
    }

    /// The capacity consumed since the mark.
    pub fn since(&self, mark: Mark) -> Vec<Consumed> {
        self.cloud.capacity().since(mark)
    }
}

impl<T> Deref for World<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.table
    }
}
