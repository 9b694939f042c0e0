//! Runs one process of a function under a Runtime API of its own, and measures it.

mod bed;
mod quota;
mod runtime_api;
mod tls;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::runtime::Runtime;

pub(crate) use bed::{AUTHORIZER_IN_NODE, Bed, GET_PRODUCT_IN_NODE};
use quota::Group;
pub(crate) use quota::{Quota, remove_stale_groups, share};
use runtime_api::RuntimeApi;
pub(crate) use tls::TlsServices;

use crate::process;

/// How a function is started, and what it has to answer.
#[derive(Clone)]
pub(crate) struct Program {
    pub(crate) name: String,
    pub(crate) command: Vec<OsString>,
    pub(crate) directory: Option<PathBuf>,
    pub(crate) environment: BTreeMap<String, String>,
    /// A refusal or a failure comes faster than the answer that is asked for.
    pub(crate) is_right: fn(&Value) -> bool,
}

/// A process that waits for its next event. It is started without `setpriv`, which would be a part of a cold start: when
/// this process is killed, the next poll fails, and the function ends.
pub(crate) struct Instance {
    program: Program,
    child: Child,
    api: RuntimeApi,
    /// Removed once the process has ended.
    _group: Option<Group>,
}

/// From the spawn to the first answer.
pub(crate) struct Cold {
    pub(crate) took: Duration,
    /// From the spawn to the first poll for an event.
    pub(crate) init: Duration,
    /// Of all threads, until the process polls for its second event.
    pub(crate) cpu: Duration,
    /// In MiB.
    pub(crate) resident: f64,
}

impl Program {
    /// The same, which answers whether a request may pass.
    pub(crate) fn authorizing(self) -> Program {
        Program { is_right: |answer| answer["isAuthorized"] == true, ..self }
    }

    fn require_right(&self, answer: &Value) {
        assert!((self.is_right)(answer), "{} answered {answer}", self.name);
    }
}

/// An answer to the gateway that tells a success.
fn is_success(answer: &Value) -> bool {
    matches!(answer["statusCode"].as_u64(), Some(200 | 201))
}

impl Instance {
    /// Starts the program, which finds its first event waiting.
    pub(crate) fn start(program: &Program, quota: Option<Quota>, event: &Value) -> (Instance, Cold) {
        let api = RuntimeApi::start();
        api.send(event);
        let mut command = Command::new(&program.command[0]);
        command.args(&program.command[1..]).env_clear().envs(&program.environment);
        command.env("AWS_LAMBDA_RUNTIME_API", api.address());
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        if let Some(directory) = &program.directory {
            command.current_dir(directory);
        }
        let group = quota.map(|quota| quota.group().expect("a group could be made before"));
        let (began, child) = match &group {
            Some(group) => group.spawn(command),
            None => (Instant::now(), command.spawn()),
        };
        let child = child.unwrap_or_else(|error| {
            panic!("{}, {}: {error}", program.name, program.command[0].display());
        });
        let asked = api.asked();
        let (answered, answer) = api.answered(&program.name);
        program.require_right(&answer);
        api.asked();
        let cold = Cold {
            took: answered - began,
            init: asked - began,
            cpu: process::cpu(child.id()),
            resident: process::resident(child.id()),
        };
        (Instance { program: program.clone(), child, api, _group: group }, cold)
    }

    /// From the event's delivery to the answer. Returns once the process waits for another event.
    pub(crate) fn invoke(&self, event: &Value) -> Duration {
        let began = Instant::now();
        self.api.send(event);
        let (answered, answer) = self.api.answered(&self.program.name);
        self.program.require_right(&answer);
        self.api.asked();
        answered - began
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Waits until the process has ended.
    pub(crate) fn wait(&mut self) {
        self.child.wait().expect("a child can be waited for");
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        // An error means that the process has already ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The threads of the Runtime APIs and of the services over TLS.
fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| {
        tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("threads can be started")
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_refusal_and_a_failure_are_no_right_answers() {
        let program = Program {
            name: "f".to_owned(),
            command: Vec::new(),
            directory: None,
            environment: BTreeMap::new(),
            is_right: is_success,
        };
        assert!([200, 201].iter().all(|status| (program.is_right)(&json!({ "statusCode": status }))));
        let wrong = [json!({ "statusCode": 401 }), json!({ "statusCode": 503 }), json!({})];
        assert!(!wrong.iter().any(program.is_right));
        let authorizer = program.authorizing();
        assert!((authorizer.is_right)(&json!({ "isAuthorized": true })));
        assert!(![json!({ "isAuthorized": false }), json!({})].iter().any(authorizer.is_right));
    }
}
