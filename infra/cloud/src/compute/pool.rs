//! The pool of processes behind [`Invoke`].

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use bytes::Bytes;
use futures::future::{BoxFuture, FutureExt};
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;

use super::dispatch::{Limits, Shared, stopped};
use super::logs::Logs;
use super::spawner::Spawner;
use super::state::FunctionStats;
use super::{ComputeError, runtime_api};
use crate::invoke::{Invoke, InvokeError};
use crate::listener::Listener;
use crate::local_names::Wording;
use crate::model::{Function, Stack};
use crate::services::{Credential, LogTap};

/// Runs each function's binary as processes that poll the pool's own Lambda Runtime API.
pub struct ProcessPool {
    shared: Arc<Shared>,
    tasks: [JoinHandle<()>; 2],
}

impl ProcessPool {
    /// Binaries are looked for in `directory`, by the names that the template gives them.
    pub(crate) async fn start(
        stack: Arc<Stack>,
        directory: PathBuf,
        credentials: impl Fn(&Function) -> Credential + Send + Sync + 'static,
        taps: impl Fn(&Function) -> Option<LogTap> + Send + Sync + 'static,
        services_url: String,
    ) -> Result<Arc<ProcessPool>, ComputeError> {
        Self::start_with(stack, directory, credentials, taps, services_url, Limits::default()).await
    }

    pub(crate) async fn start_with(
        stack: Arc<Stack>,
        directory: PathBuf,
        credentials: impl Fn(&Function) -> Credential + Send + Sync + 'static,
        taps: impl Fn(&Function) -> Option<LogTap> + Send + Sync + 'static,
        services_url: String,
        limits: Limits,
    ) -> Result<Arc<ProcessPool>, ComputeError> {
        let listener = Listener::bind(0).await.map_err(ComputeError::Listen)?;
        let shared = Arc::new(Shared {
            stack,
            directory: std::path::absolute(&directory).unwrap_or(directory),
            credentials: Box::new(credentials),
            taps: Box::new(taps),
            services_url,
            runtime_api: listener.url(),
            spawner: Spawner::start().map_err(ComputeError::Thread)?,
            logs: Logs::default(),
            limits,
            turns: Semaphore::new(limits.ceiling),
            state: Mutex::default(),
        });
        let server = tokio::spawn(listener.serve(runtime_api::router(shared.clone()), Wording::Text));
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

    /// From now on, writes what functions print to standard error, prefixed with the function's name.
    pub fn show_logs(&self) {
        self.shared.logs.show();
    }

    /// The newest lines that functions printed, each prefixed with its function's name.
    pub fn logs(&self) -> Vec<String> {
        self.shared.logs.all()
    }

    /// Kills the processes that have nothing to do, as Lambda does after a while.
    pub fn end_idle(&self) {
        self.shared.state().end_idle_since(Instant::now());
    }

    /// Keyed by the functions' logical ids.
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
            // A separate task, so that a call runs to its end even when its caller goes away.
            let call = tokio::spawn(self.shared.clone().run(function.to_owned(), event));
            call.await.unwrap_or_else(|_| Err(stopped()))
        }
        .boxed()
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
