//! The pool with real processes: a small Python script that speaks the Runtime API.

mod cargo_lambda;
mod limits;
mod orphans;
mod processes;

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use bytes::Bytes;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::ProcessPool;
use super::dispatch::Limits;
use crate::invoke::{Invoke, InvokeError};
use crate::model::{Function, Stack};
use crate::services::Credential;

const PATIENCE: Duration = Duration::from_secs(20);

static PYTHON: LazyLock<String> = LazyLock::new(|| {
    let output = Command::new("python3").args(["-c", "import sys; print(sys.executable)"]).output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
});

struct Fixture {
    directory: TempDir,
    pool: Arc<ProcessPool>,
}

impl Fixture {
    async fn new(change: impl FnOnce(&mut Function)) -> Fixture {
        Self::with(Limits::default(), change).await
    }

    async fn with(limits: Limits, change: impl FnOnce(&mut Function)) -> Fixture {
        let directory = tempfile::tempdir().unwrap();
        write_bootstrap(&directory.path().join("get_me"), "one");
        let mut function = function();
        change(&mut function);
        let credential = |function: &Function| Credential {
            access_key_id: "ASIATEST".into(),
            secret_access_key: "secret".into(),
            session_token: Some(format!("token of {}", function.role_arn)),
        };
        let services = "http://127.0.0.1:4566".to_owned();
        let stack = Arc::new(stack(function));
        let pool =
            ProcessPool::start_with(stack, directory.path().into(), credential, |_| None, services, limits)
                .await
                .unwrap();
        Fixture { directory, pool }
    }

    async fn invoke(&self, order: Value) -> Result<Value, InvokeError> {
        invoke(&self.pool, order).await
    }

    async fn pid(&self) -> u64 {
        self.invoke(json!({"do": "answer"})).await.unwrap()["pid"].as_u64().unwrap()
    }

    /// A call that runs until `release` is called.
    fn hold(&self) -> tokio::task::JoinHandle<Result<Value, InvokeError>> {
        let pool = self.pool.clone();
        let order = json!({"do": "wait", "for": self.directory.path().join("released")});
        tokio::spawn(async move { invoke(&pool, order).await })
    }

    async fn until_held(&self, calls: usize) {
        eventually(|| self.pool.logs().iter().filter(|line| line.ends_with(": waiting")).count() == calls)
            .await;
    }

    fn release(&self) {
        std::fs::write(self.directory.path().join("released"), "").unwrap();
    }

    fn printed_pids(&self) -> Vec<u64> {
        self.pool
            .logs()
            .iter()
            .filter_map(|line| line.strip_prefix("GetMeFunction: pid ")?.parse().ok())
            .collect()
    }
}

async fn invoke(pool: &ProcessPool, order: Value) -> Result<Value, InvokeError> {
    let answer = pool.invoke("GetMeFunction", Bytes::from(order.to_string())).await?;
    Ok(serde_json::from_slice(&answer).unwrap())
}

fn write_bootstrap(path: &Path, version: &str) {
    let script = include_str!("bootstrap.py").replace("VERSION", version);
    // Renamed into place, as a linker does, since a running script must not be written to.
    let new = path.with_extension("new");
    std::fs::write(&new, format!("#!{}\n{script}", *PYTHON)).unwrap();
    std::fs::set_permissions(&new, std::fs::Permissions::from_mode(0o755)).unwrap();
    std::fs::rename(new, path).unwrap();
}

fn function() -> Function {
    Function {
        logical_id: "GetMeFunction".into(),
        name: "terrace-GetMeFunction".into(),
        arn: "arn:aws:lambda:eu-west-1:123456789012:function:terrace-GetMeFunction".into(),
        role_arn: "arn:aws:iam::123456789012:role/terrace-GetMeFunctionRole".into(),
        binary: "get_me".into(),
        description: String::new(),
        memory_mb: 256,
        timeout: Duration::from_secs(10),
        reserved_concurrency: None,
        allows_recursive_loop: false,
        environment: BTreeMap::from([("TENANT_TABLE".into(), "terrace-TenantTable".into())]),
        log_group: String::new(),
        policy: None,
    }
}

fn stack(function: Function) -> Stack {
    Stack {
        roles: Vec::new(),
        name: "terrace".into(),
        functions: vec![function],
        apis: Vec::new(),
        tables: vec![],
        buses: vec![],
        rules: vec![],
        queues: vec![],
        signing_keys: vec![],
        stream_sources: vec![],
        queue_sources: vec![],
        schedules: vec![],
        log_groups: vec![],
        log_subscriptions: vec![],
        outputs: BTreeMap::new(),
        profiles: Vec::new(),
        data_version: 1,
        without_effect: vec![],
    }
}

async fn eventually(mut done: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !done() {
        assert!(Instant::now() < deadline, "it did not come about in time");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

fn is_alive(pid: u64) -> bool {
    Path::new(&format!("/proc/{pid}")).exists()
}
