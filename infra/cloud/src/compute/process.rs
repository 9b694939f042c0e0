//! One process of one function, which handles one invocation at a time.

use std::process::Stdio;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use tokio::process::{Child, Command};
use tokio::sync::{Notify, mpsc, oneshot, watch};
use tokio::time::{sleep, timeout};

use super::logs::{Lines, Logs};
use super::runtime_error;
use super::state::Fingerprint;
use crate::ids::new_uuid;
use crate::invoke::InvokeError;
use crate::model::Function;
use crate::services::LogTap;

const STDERR_TAIL: usize = 20;
/// How long to read output after the process's end: a grandchild may hold the pipe open without limit.
const TRAILING_OUTPUT: Duration = Duration::from_millis(500);

pub(crate) type Answer = Result<Bytes, InvokeError>;

pub(crate) struct Process {
    pub(crate) id: String,
    pub(crate) function: String,
    pub(crate) fingerprint: Fingerprint,
    jobs: mpsc::Sender<Job>,
    waiting: tokio::sync::Mutex<mpsc::Receiver<Job>>,
    running: Mutex<Option<Running>>,
    init_error: Mutex<Option<String>>,
    kill: Notify,
    end: watch::Sender<Option<String>>,
}

struct Job {
    request_id: String,
    event: Bytes,
    time_limit: Duration,
    taken: oneshot::Sender<()>,
    answer: oneshot::Sender<Answer>,
}

struct Running {
    request_id: String,
    answer: oneshot::Sender<Answer>,
}

/// The response to `/next`.
pub(crate) struct Invocation {
    pub(crate) request_id: String,
    pub(crate) deadline_ms: u128,
    pub(crate) event: Bytes,
}

pub(crate) enum CallError {
    /// The process ended or timed out before it took the event, so another process may get it.
    NeverTaken(String),
    Failed(InvokeError),
}

impl Process {
    pub(crate) fn new(function: &Function, fingerprint: Fingerprint) -> Process {
        let (jobs, waiting) = mpsc::channel(1);
        Process {
            id: new_uuid().to_string(),
            function: function.logical_id.clone(),
            fingerprint,
            jobs,
            waiting: tokio::sync::Mutex::new(waiting),
            running: Mutex::default(),
            init_error: Mutex::default(),
            kill: Notify::new(),
            end: watch::Sender::new(None),
        }
    }

    pub(crate) fn kill(&self) {
        self.kill.notify_one();
    }

    pub(crate) fn has_ended(&self) -> bool {
        self.end.borrow().is_some()
    }

    /// Waits for the process to end and returns the reason.
    pub(crate) async fn ended(&self) -> String {
        let mut end = self.end.subscribe();
        let reason = end.wait_for(Option::is_some).await.ok().and_then(|reason| reason.clone());
        reason.unwrap_or_default()
    }

    /// Sets up pipes, and that dropping the child kills it.
    pub(crate) fn prepare(command: &mut Command) {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        // Outside the terminal's process group, so that Ctrl-C reaches only `cloud`, which stops in order.
        command.process_group(0);
    }

    /// Runs as long as the child: forwards its output and records its end.
    pub(crate) async fn supervise(&self, mut child: Child, logs: Logs, tap: Option<LogTap>) {
        let tail = Lines::keeping(STDERR_TAIL);
        let stdout = child
            .stdout
            .take()
            .map(|out| tokio::spawn(logs.clone().follow(self.function.clone(), out, None, tap.clone())));
        let stderr = child
            .stderr
            .take()
            .map(|err| tokio::spawn(logs.follow(self.function.clone(), err, Some(tail.clone()), tap)));
        let status = tokio::select! {
            status = child.wait() => status,
            () = self.kill.notified() => match child.start_kill() {
                Ok(()) => child.wait().await,
                Err(error) => Err(error),
            },
        };
        for output in [stdout, stderr].into_iter().flatten() {
            let _ = timeout(TRAILING_OUTPUT, output).await;
        }
        let status = status.map_or_else(|error| error.to_string(), |status| status.to_string());
        let said = self.init_error.lock().unwrap_or_else(PoisonError::into_inner).take();
        let words: Vec<String> = said.into_iter().chain(tail.all()).collect();
        self.record_end(match words.is_empty() {
            true => status,
            false => format!("{status}\n{}", words.join("\n")),
        });
    }

    pub(crate) fn record_end(&self, reason: String) {
        self.end.send_replace(Some(reason));
    }

    /// Gives the process an event and waits for its answer; kills the process after the time limit.
    pub(crate) async fn call(
        &self,
        event: Bytes,
        init_limit: Duration,
        time_limit: Duration,
    ) -> Result<Bytes, CallError> {
        let request_id = new_uuid().to_string();
        let (taken, mut was_taken) = oneshot::channel();
        let (answer, mut answered) = oneshot::channel();
        let job = Job { request_id: request_id.clone(), event, time_limit, taken, answer };
        if self.jobs.try_send(job).is_err() {
            return Err(CallError::NeverTaken("an earlier event still waits for it".into()));
        }
        tokio::select! {
            biased;
            Ok(()) = &mut was_taken => {}
            reason = self.ended() => return Err(CallError::NeverTaken(reason)),
            () = sleep(init_limit) => {
                self.kill();
                return Err(CallError::NeverTaken(format!("it did not ask for an event within {} s", init_limit.as_secs())));
            }
        }
        tokio::select! {
            biased;
            Ok(answer) = &mut answered => answer.map_err(CallError::Failed),
            reason = self.ended() => {
                let message = format!("RequestId: {request_id} Error: Runtime exited with error: {reason}");
                // The process may have answered just before it ended.
                answered.try_recv().unwrap_or_else(|_| Err(runtime_error("Runtime.ExitError", &message))).map_err(CallError::Failed)
            }
            () = sleep(time_limit) => {
                self.kill();
                Err(CallError::Failed(InvokeError::TimedOut))
            }
        }
    }

    /// Called on behalf of the process; waits for the next event.
    pub(crate) async fn next(&self) -> Option<Invocation> {
        let job = self.waiting.lock().await.recv().await?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let running = Running { request_id: job.request_id.clone(), answer: job.answer };
        *self.running.lock().unwrap_or_else(PoisonError::into_inner) = Some(running);
        // Fails when the caller has given up; the answer is dropped then.
        let _ = job.taken.send(());
        Some(Invocation {
            request_id: job.request_id,
            deadline_ms: (now + job.time_limit).as_millis(),
            event: job.event,
        })
    }

    /// Called on behalf of the process; true when that request was running.
    pub(crate) fn answer(&self, request_id: &str, answer: Answer) -> bool {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        match running.take_if(|running| running.request_id == request_id) {
            Some(running) => running.answer.send(answer).is_ok(),
            None => false,
        }
    }

    pub(crate) fn fail_init(&self, document: String) {
        *self.init_error.lock().unwrap_or_else(PoisonError::into_inner) = Some(document);
    }
}
