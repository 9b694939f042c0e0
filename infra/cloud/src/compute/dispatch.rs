//! Gives each call a process: an idle one, a new one, or none when the limits are reached.

use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::available_parallelism;
use std::time::{Duration, Instant};

use bytes::Bytes;
use tokio::sync::{Semaphore, oneshot};
use tokio::time::timeout;

use super::environment::{self, Endpoints};
use super::logs::Logs;
use super::process::{Answer, CallError, Process};
use super::spawner::Spawner;
use super::state::{Fingerprint, State};
use crate::invoke::InvokeError;
use crate::model::{Function, Stack};
use crate::services::{Credential, LogTap};

/// The pool's limits, chosen for the memory of a laptop.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// The maximum of concurrent calls, and of processes, over all functions.
    pub(crate) ceiling: usize,
    /// A function that has so many processes gets another one only after `patience`: more than the cores can run would
    /// be no faster, and each costs a start and its memory.
    pub(crate) enough: usize,
    /// How long a call waits for a process that is enough to become idle. Those of a function that waits itself do not,
    /// and must not keep it from being called.
    pub(crate) patience: Duration,
    /// From start to the first poll for an event, in addition to the function's own time-out.
    pub(crate) init: Duration,
    pub(crate) idle: Duration,
}

impl Default for Limits {
    fn default() -> Limits {
        let cores = available_parallelism().map_or(1, NonZero::get);
        Limits {
            ceiling: 64,
            enough: 2 * cores,
            patience: Duration::from_millis(100),
            init: Duration::from_secs(10),
            idle: Duration::from_secs(300),
        }
    }
}

/// What takes the lines of each function.
type Taps = dyn Fn(&Function) -> Option<LogTap> + Send + Sync;

pub(crate) struct Shared {
    pub(super) stack: Arc<Stack>,
    pub(super) directory: PathBuf,
    pub(super) credentials: Box<dyn Fn(&Function) -> Credential + Send + Sync>,
    pub(super) taps: Box<Taps>,
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
        loop {
            let (process, cold) = self.process_for(function, &binary).await?;
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

    /// A process for one call, and whether it was started for it.
    async fn process_for(
        self: &Arc<Self>,
        function: &Function,
        binary: &Path,
    ) -> Result<(Arc<Process>, bool), InvokeError> {
        let choice = match self.idle_or_wait(function, binary)? {
            Turn::Now(choice) => choice,
            Turn::Wait(handed) => match self.handed(handed, binary).await? {
                Some(process) => Choice::Idle(process),
                None => self.idle_or_new(function, binary)?,
            },
        };
        match choice {
            Choice::Idle(process) => Ok((process, false)),
            Choice::New(process) => Ok((self.spawn(process, function, binary).await?, true)),
        }
    }

    fn idle_or_wait(&self, function: &Function, binary: &Path) -> Result<Turn, InvokeError> {
        let fingerprint = fingerprint(binary)?;
        let mut state = self.running()?;
        let name = &function.logical_id;
        Ok(match state.take_idle(name, fingerprint) {
            Some(process) => Turn::Now(Choice::Idle(process)),
            None if state.processes_of(name) >= self.limits.enough => Turn::Wait(state.wait(name)),
            None => Turn::Now(Choice::New(self.register(&mut state, function, fingerprint))),
        })
    }

    fn idle_or_new(&self, function: &Function, binary: &Path) -> Result<Choice, InvokeError> {
        let fingerprint = fingerprint(binary)?;
        let mut state = self.running()?;
        Ok(match state.take_idle(&function.logical_id, fingerprint) {
            Some(process) => Choice::Idle(process),
            None => Choice::New(self.register(&mut state, function, fingerprint)),
        })
    }

    fn running(&self) -> Result<MutexGuard<'_, State>, InvokeError> {
        let state = self.state();
        if state.stopped { Err(stopped()) } else { Ok(state) }
    }

    /// Registers a new process before it runs, since it may poll at once.
    fn register(&self, state: &mut State, function: &Function, fingerprint: Fingerprint) -> Arc<Process> {
        let process = Arc::new(Process::new(function, fingerprint));
        state.make_room(self.limits.ceiling);
        state.add(process.clone());
        process
    }

    /// The process that is handed over while the patience lasts, unless its binary was replaced in the meantime.
    async fn handed(&self, mut handed: Handed, binary: &Path) -> Result<Option<Arc<Process>>, InvokeError> {
        let process = match timeout(self.limits.patience, &mut handed).await {
            Ok(process) => process.map_err(|_| stopped())?,
            Err(_) => match handed_late(handed) {
                Some(process) => process,
                None => return Ok(None),
            },
        };
        if process.fingerprint == fingerprint(binary)? {
            return Ok(Some(process));
        }
        process.kill();
        Ok(None)
    }

    async fn spawn(
        self: &Arc<Self>,
        process: Arc<Process>,
        function: &Function,
        binary: &Path,
    ) -> Result<Arc<Process>, InvokeError> {
        let runtime_api = format!("{}/{}/{}", self.runtime_api, function.logical_id, process.id);
        let endpoints = Endpoints { runtime_api: &runtime_api, services: &self.services_url };
        let credential = (self.credentials)(function);
        let mut command =
            environment::command(self.spawner.launcher(), binary, function, &credential, &endpoints);
        Process::prepare(&mut command);
        let child = self.spawner.spawn(command).await.map_err(|error| {
            self.state().remove(&process.id);
            process.record_end(error.to_string());
            InvokeError::Unavailable(format!("{}: {error}", binary.display()))
        })?;
        let (pool, supervised, tap) = (self.clone(), process.clone(), (self.taps)(function));
        tokio::spawn(async move {
            supervised.supervise(child, pool.logs.clone(), tap).await;
            pool.state().remove(&supervised.id);
        });
        Ok(process)
    }
}

/// What a call gets.
enum Choice {
    Idle(Arc<Process>),
    New(Arc<Process>),
}

enum Turn {
    Now(Choice),
    Wait(Handed),
}

/// The process that becomes idle next, in the order of the calls.
type Handed = oneshot::Receiver<Arc<Process>>;

/// What was handed over just when the patience ended.
pub(super) fn handed_late<T>(mut handed: oneshot::Receiver<T>) -> Option<T> {
    handed.close();
    handed.try_recv().ok()
}

fn fingerprint(binary: &Path) -> Result<Fingerprint, InvokeError> {
    Fingerprint::of(binary).map_err(|error| missing(binary, &error))
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
