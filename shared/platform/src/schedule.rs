//! Functions that the clock calls.

use std::fmt;
use std::future::Future;
use std::process::ExitCode;
use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use lambda_runtime::LambdaEvent;
use serde::Deserialize;
use tokio::time::{Instant, timeout_at};

use crate::StartError;
use crate::metering::{Invocation, log_usage, metered};
use crate::runtime::{answer_events, end_of_invocation, leak, run};

/// What is kept back of an invocation's time, to end what has begun and to answer.
const RESERVE: Duration = Duration::from_secs(5);

/// A run that was due.
#[derive(Debug, Clone, Copy)]
pub struct Run {
    /// When it was due. One that is repeated was due when it was for the first time.
    pub at: Timestamp,
    end: Instant,
}

impl Run {
    #[cfg(test)]
    pub(crate) fn lasting(at: Timestamp, left: Duration) -> Self {
        Self { at, end: Instant::now() + left }
    }

    /// Whether no more time is left to begin anything.
    pub fn is_over(&self) -> bool {
        Instant::now() >= self.end
    }

    /// Does the work unless its time is used up before: `None`.
    pub async fn within<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        timeout_at(self.end, work).await.ok()
    }
}

/// What EventBridge sends.
#[derive(Deserialize)]
struct ScheduledEvent {
    time: Timestamp,
}

/// Serves a function with a schedule. What it consumes is the platform's. A run that fails is repeated by Lambda, twice.
/// `open` runs once, at start-up.
pub fn serve_schedule<S, F, Fut, E>(open: fn() -> Result<S, StartError>, handle: F) -> ExitCode
where
    S: Send + Sync + 'static,
    F: Fn(&'static S, Run) -> Fut + Copy + Send + Sync + 'static,
    Fut: Future<Output = Result<(), E>> + Send,
    E: fmt::Display,
{
    run(async move {
        let state: &'static S = leak(open()?);
        answer_events(move |event: LambdaEvent<ScheduledEvent>| async move {
            let invocation = Invocation::begin();
            let now = SystemTime::now();
            let left =
                end_of_invocation(event.context.deadline(), now).duration_since(now).unwrap_or_default();
            let run = Run { at: event.payload.time, end: Instant::now() + left.saturating_sub(RESERVE) };
            let (outcome, metered) = metered(handle(state, run)).await;
            let reason = outcome.err().map(|error| error.to_string());
            log_usage!(
                invocation.usage(metered),
                due = %run.at,
                failed = reason.is_some(),
                reason,
                "scheduled run"
            );
            reason.map_or(Ok(()), |reason| Err(lambda_runtime::Error::from(reason)))
        })
        .await
    })
}
