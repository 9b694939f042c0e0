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

pub(crate) use bed::Bed;
use quota::Group;
pub(crate) use quota::{Quota, share};
use runtime_api::RuntimeApi;
pub(crate) use tls::TlsServices;

use crate::process;

/// How a function is started.
#[derive(Clone)]
pub(crate) struct Program {
    pub(crate) name: String,
    pub(crate) command: Vec<OsString>,
    pub(crate) directory: Option<PathBuf>,
    pub(crate) environment: BTreeMap<String, String>,
}

/// A process that waits for its next event.
pub(crate) struct Instance {
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
    pub(crate) answer: Value,
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
        let child = child.unwrap_or_else(|error| panic!("{}: {error}", program.name));
        let asked = api.asked();
        let (answered, answer) = api.answered(&program.name);
        api.asked();
        let cold = Cold {
            took: answered - began,
            init: asked - began,
            cpu: process::cpu(child.id()),
            resident: process::resident(child.id()),
            answer,
        };
        (Instance { child, api, _group: group }, cold)
    }

    /// From the event's delivery to the answer. Returns once the process waits for another event.
    pub(crate) fn invoke(&self, event: &Value) -> (Duration, Value) {
        let began = Instant::now();
        self.api.send(event);
        let (answered, answer) = self.api.answered("a warm function");
        self.api.asked();
        (answered - began, answer)
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
