//! Gives each call a process: an idle one, a new one, or none when the limits are reached.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::environment::{self, Endpoints};
use super::logs::Logs;
use super::process::{Answer, CallError, Process};
use super::spawner::Spawner;
use super::state::{Fingerprint, State};
use crate::invoke::InvokeError;
use crate::model::{Function, Stack};
use crate::services::Credential;

/// The pool's limits, chosen for the memory of a laptop.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// The maximum of concurrent calls, and of processes, over all functions.
    pub(crate) ceiling: usize,
    /// From start to the first poll for an event, in addition to the function's own time-out.
    pub(crate) init: Duration,
    pub(crate) idle: Duration,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { ceiling: 64, init: Duration::from_secs(10), idle: Duration::from_secs(300) }
    }
}

pub(crate) struct Shared {
    pub(super) stack: Arc<Stack>,
    pub(super) directory: PathBuf,
    pub(super) credentials: Box<dyn Fn(&Function) -> Credential + Send + Sync>,
    pub(super) services_url: String,
    pub(super) runtime_api: String,
    pub(super) spawner: Spawner,
    pub(super) logs: Logs,
    pub(super) limits: Limits,
    pub(super) turns: Semaphore,
    pub(super) state: Mutex<State>,
}

impl Shared {
    pub(crate) fn function(&self, logical_id: &str) -> Option<&Function> {
        self.stack.functions.iter().find(|function| function.logical_id == logical_id)
    }

    pub(crate) fn process(&self, function: &str, id: &str) -> Option<Arc<Process>> {
        self.state().process(id).filter(|process| process.function == function)
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) async fn run(self: Arc<Self>, logical_id: String, event: Bytes) -> Answer {
        let Some(function) = self.function(&logical_id) else {
            return Err(InvokeError::Unavailable(format!("the template has no function {logical_id}")));
        };
        if !self.state().acquire(&function.logical_id, function.reserved_concurrency) {
            return Err(InvokeError::Throttled);
        }
        let began = Instant::now();
        let answer = match timeout(function.timeout, self.turns.acquire()).await {
            Ok(_turn) => self.call(function, event).await,
            Err(_) => Err(InvokeError::Throttled),
        };
        self.state().release(&function.logical_id, began.elapsed(), answer.is_err());
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
                // An idle process ended before it took the event: another one gets it.
                Err(CallError::NeverTaken(_)) => {}
            }
        }
    }

    fn take_idle(
        &self,
        function: &Function,
        fingerprint: Fingerprint,
    ) -> Result<Option<Arc<Process>>, InvokeError> {
        let mut state = self.state();
        match state.stopped {
            true => Err(stopped()),
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
        let mut command =
            environment::command(self.spawner.launcher(), binary, function, &credential, &endpoints);
        Process::prepare(&mut command);
        self.register(&process)?;
        let child = self.spawner.spawn(command).await.map_err(|error| {
            self.state().remove(&process.id);
            process.record_end(error.to_string());
            InvokeError::Unavailable(format!("{}: {error}", binary.display()))
        })?;
        let (pool, supervised) = (self.clone(), process.clone());
        tokio::spawn(async move {
            supervised.supervise(child, pool.logs.clone()).await;
            pool.state().remove(&supervised.id);
        });
        Ok(process)
    }

    /// Registers the process before it runs, since it may poll at once.
    fn register(&self, process: &Arc<Process>) -> Result<(), InvokeError> {
        let mut state = self.state();
        if state.stopped {
            return Err(stopped());
        }
        state.make_room(self.limits.ceiling);
        state.add(process.clone());
        Ok(())
    }
}

fn missing(binary: &Path, error: &std::io::Error) -> InvokeError {
    InvokeError::Unavailable(format!(
        "{}: {error}; `cargo build --workspace --bins` makes it",
        binary.display()
    ))
}

pub(super) fn stopped() -> InvokeError {
    InvokeError::Unavailable("the pool has stopped".into())
}
