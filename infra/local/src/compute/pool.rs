//! The pool of processes behind [`Invoke`].

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures::future::{BoxFuture, FutureExt};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::environment::{self, Credential, Endpoints};
use super::logs::Logs;
use super::process::{Answer, CallError, Process};
use super::spawner::Spawner;
use super::state::{Fingerprint, FunctionStats, State};
use super::{ComputeError, runtime_api};
use crate::invoke::{Invoke, InvokeError};
use crate::model::{Function, Stack};

/// What the pool allows itself; on a laptop, memory sets it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// Calls at a time and processes, of all functions together.
    pub(crate) ceiling: usize,
    /// From start to the first poll for an event, beside the function's own time-out.
    pub(crate) init: Duration,
    pub(crate) idle: Duration,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { ceiling: 64, init: Duration::from_secs(10), idle: Duration::from_secs(300) }
    }
}

/// Runs each function's binary as processes that talk to a Lambda Runtime API of ours.
pub struct ProcessPool {
    shared: Arc<Shared>,
    tasks: [JoinHandle<()>; 2],
}

pub(crate) struct Shared {
    stack: Arc<Stack>,
    directory: PathBuf,
    credentials: Box<dyn Fn(&Function) -> Credential + Send + Sync>,
    services_url: String,
    runtime_api: String,
    spawner: Spawner,
    logs: Logs,
    limits: Limits,
    turns: Semaphore,
    state: Mutex<State>,
}

impl ProcessPool {
    /// Binaries are looked for in `directory`, by the names that the template gives them.
    pub async fn start(
        stack: Arc<Stack>,
        directory: PathBuf,
        credentials: impl Fn(&Function) -> Credential + Send + Sync + 'static,
        services_url: String,
    ) -> Result<Arc<ProcessPool>, ComputeError> {
        Self::start_with(stack, directory, credentials, services_url, Limits::default()).await
    }

    pub(crate) async fn start_with(
        stack: Arc<Stack>,
        directory: PathBuf,
        credentials: impl Fn(&Function) -> Credential + Send + Sync + 'static,
        services_url: String,
        limits: Limits,
    ) -> Result<Arc<ProcessPool>, ComputeError> {
        let listener = TcpListener::bind("127.0.0.1:0").await.map_err(ComputeError::Listen)?;
        let address = listener.local_addr().map_err(ComputeError::Listen)?;
        let shared = Arc::new(Shared {
            stack,
            directory: std::path::absolute(&directory).unwrap_or(directory),
            credentials: Box::new(credentials),
            services_url,
            runtime_api: format!("http://{address}"),
            spawner: Spawner::start().map_err(ComputeError::Thread)?,
            logs: Logs::default(),
            limits,
            turns: Semaphore::new(limits.ceiling),
            state: Mutex::default(),
        });
        let router = runtime_api::router(shared.clone());
        let server = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, router).await {
                tracing::error!(%error, "the Lambda Runtime API ended");
            }
        });
        let reaper = tokio::spawn(end_idle(shared.clone()));
        Ok(Arc::new(ProcessPool { shared, tasks: [server, reaper] }))
    }

    /// Ends every process, then the Runtime API: it cannot end gracefully while processes poll it.
    pub async fn stop(&self) {
        let ending = self.shared.state().stop();
        for process in ending {
            process.ended().await;
        }
        self.tasks.iter().for_each(JoinHandle::abort);
    }

    /// From now on, writes what functions print to standard error, after the function's name.
    pub fn show_logs(&self) {
        self.shared.logs.show();
    }

    /// The newest lines that functions printed, each after its function's name.
    pub fn logs(&self) -> Vec<String> {
        self.shared.logs.all()
    }

    /// By the functions' logical ids.
    pub fn stats(&self) -> BTreeMap<String, FunctionStats> {
        self.shared.state().stats()
    }
}

impl Drop for ProcessPool {
    fn drop(&mut self) {
        self.shared.state().stop();
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

impl Invoke for ProcessPool {
    fn invoke<'a>(&'a self, function: &'a str, event: Bytes) -> BoxFuture<'a, Result<Bytes, InvokeError>> {
        async move {
            let Some(function) = self.shared.function(function) else {
                return Err(InvokeError::Unavailable(format!("the template has no function {function}")));
            };
            // A task of its own: a caller that goes away does not end what it has begun.
            let call = tokio::spawn(self.shared.clone().run(function.clone(), event));
            call.await.unwrap_or_else(|_| Err(InvokeError::Unavailable("the pool has stopped".into())))
        }
        .boxed()
    }
}

impl Shared {
    pub(crate) fn function(&self, logical_id: &str) -> Option<&Function> {
        self.stack.functions.iter().find(|function| function.logical_id == logical_id)
    }

    pub(crate) fn process(&self, function: &str, id: &str) -> Option<Arc<Process>> {
        self.state().process(id).filter(|process| process.function == function)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn run(self: Arc<Self>, function: Function, event: Bytes) -> Answer {
        if !self.state().admit(&function.logical_id, function.reserved_concurrency) {
            return Err(InvokeError::Throttled);
        }
        let began = Instant::now();
        let answer = match timeout(function.timeout, self.turns.acquire()).await {
            Ok(_turn) => self.call(&function, event).await,
            Err(_) => Err(InvokeError::Throttled),
        };
        self.state().discharge(&function.logical_id, began.elapsed(), answer.is_err());
        answer
    }

    async fn call(self: &Arc<Self>, function: &Function, event: Bytes) -> Answer {
        let binary = self.directory.join(&function.binary);
        let fingerprint = Fingerprint::of(&binary).map_err(|error| missing(&binary, &error))?;
        loop {
            let idle = self.take_idle(function, fingerprint)?;
            let cold = idle.is_none();
            let process = match idle {
                Some(process) => process,
                None => self.spawn(function, &binary, fingerprint).await?,
            };
            let init_limit = self.limits.init + function.timeout;
            match process.call(event.clone(), init_limit, function.timeout).await {
                Ok(answer) => {
                    self.state().make_idle(process);
                    return Ok(answer);
                }
                Err(CallError::Failed(error @ InvokeError::Function(_))) => {
                    self.state().make_idle(process);
                    return Err(error);
                }
                Err(CallError::Failed(error)) => return Err(error),
                Err(CallError::NeverTaken(reason)) if cold => {
                    let message = format!("{} ended before it asked for an event: {reason}", function.binary);
                    return Err(InvokeError::Unavailable(message));
                }
                // It ended while it was idle.
                Err(CallError::NeverTaken(_)) => {}
            }
        }
    }

    fn take_idle(&self, function: &Function, fingerprint: Fingerprint) -> Result<Option<Arc<Process>>, InvokeError> {
        let mut state = self.state();
        match state.stopped {
            true => Err(InvokeError::Unavailable("the pool has stopped".into())),
            false => Ok(state.take_idle(&function.logical_id, fingerprint)),
        }
    }

    async fn spawn(
        self: &Arc<Self>,
        function: &Function,
        binary: &Path,
        fingerprint: Fingerprint,
    ) -> Result<Arc<Process>, InvokeError> {
        let process = Arc::new(Process::new(function, fingerprint));
        let runtime_api = format!("{}/{}/{}", self.runtime_api, function.logical_id, process.id);
        let endpoints = Endpoints { runtime_api: &runtime_api, services: &self.services_url };
        let credential = (self.credentials)(function);
        let mut command = environment::command(self.spawner.launcher(), binary, function, &credential, &endpoints);
        Process::prepare(&mut command);
        self.register(&process);
        let child = self.spawner.spawn(command).await.map_err(|error| {
            self.state().remove(&process.id);
            InvokeError::Unavailable(format!("{}: {error}", binary.display()))
        })?;
        let (pool, supervised) = (self.clone(), process.clone());
        tokio::spawn(async move {
            supervised.supervise(child, pool.logs.clone()).await;
            pool.state().remove(&supervised.id);
        });
        Ok(process)
    }

    /// Known before it runs, since it may poll at once.
    fn register(&self, process: &Arc<Process>) {
        let mut state = self.state();
        state.make_room(self.limits.ceiling);
        state.count_cold_start(&process.function);
        state.add(process.clone());
        if state.stopped {
            process.kill();
        }
    }
}

async fn end_idle(shared: Arc<Shared>) {
    let mut tick = tokio::time::interval(shared.limits.idle / 4);
    loop {
        tick.tick().await;
        if let Some(before) = Instant::now().checked_sub(shared.limits.idle) {
            shared.state().end_idle_since(before);
        }
    }
}

fn missing(binary: &Path, error: &std::io::Error) -> InvokeError {
    InvokeError::Unavailable(format!("{}: {error}; `cargo build --workspace --bins` makes it", binary.display()))
}
