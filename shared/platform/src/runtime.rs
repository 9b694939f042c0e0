//! Runs a function: telemetry, a single-threaded Tokio runtime, and an exit code when start-up fails.

use std::fmt::Debug;
use std::future::Future;
use std::process::ExitCode;
use std::time::{Duration, SystemTime};

use lambda_runtime::{Diagnostic, LambdaEvent, service_fn};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::ConfigError;
use crate::metering::{process_initialized, process_started};

/// Why a function did not start, or why it ended.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error("the runtime did not start: {0}")]
    Runtime(#[from] std::io::Error),
    #[error("the function ended: {0}")]
    Lambda(#[from] lambda_runtime::Error),
    #[error("{0}")]
    Dependency(String),
}

/// Lambda gives a process one invocation at a time, so one thread is enough.
pub(crate) fn run(function: impl Future<Output = Result<(), StartError>>) -> ExitCode {
    process_started();
    crate::telemetry::init();
    let outcome = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(StartError::from)
        .and_then(|runtime| runtime.block_on(function));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(%error, "start-up failed");
            ExitCode::FAILURE
        }
    }
}

/// Answers events until the process ends. `lambda_runtime::run` would open a span for each, which no line of the log
/// shows.
pub(crate) async fn answer_events<E, A, F, Fut, R>(handle: F) -> Result<(), StartError>
where
    E: DeserializeOwned,
    A: Serialize,
    F: Fn(LambdaEvent<E>) -> Fut,
    Fut: Future<Output = Result<A, R>>,
    R: Into<Diagnostic> + Debug,
{
    process_initialized();
    Ok(lambda_runtime::Runtime::new(service_fn(handle)).run().await?)
}

/// `cargo lambda watch` names a time in 1970 as the end of each invocation, and ends none.
const LONG_PAST: Duration = Duration::from_secs(3_600);
/// What API Gateway waits for a function.
const LONGEST_REQUEST: Duration = Duration::from_secs(30);

/// When the invocation ends that has this deadline.
pub(crate) fn end_of_invocation(deadline: SystemTime, now: SystemTime) -> SystemTime {
    match deadline + LONG_PAST < now {
        true => now + LONGEST_REQUEST,
        false => deadline,
    }
}

/// Waits before an attempt at what others change at the same time: exponential backoff with full jitter, whose limit
/// doubles from 50 to 800 milliseconds. Attempt 0 does not wait.
///
/// The jitter keeps writers that have collided at an item from colliding there again.
pub async fn pause(attempt: u32) {
    // A sleep of no time would last until the timer's next millisecond.
    if attempt > 0 {
        tokio::time::sleep(backoff(attempt)).await;
    }
}

fn backoff(attempt: u32) -> Duration {
    // All 32 bits of the first field of a version 4 UUID are random.
    let (random, ..) = Uuid::new_v4().as_fields();
    longest_pause(attempt).mul_f64(f64::from(random) / f64::from(u32::MAX))
}

fn longest_pause(attempt: u32) -> Duration {
    Duration::from_millis(25) * 2u32.pow(attempt.min(5))
}

/// Keeps a value as long as the process lives, so that handlers can borrow it for `'static`.
pub(crate) fn leak<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;

    #[test]
    fn a_deadline_counts_unless_it_is_long_past() {
        let now = SystemTime::now();
        for deadline in [now + Duration::from_secs(3), now, now - Duration::from_secs(3)] {
            assert_eq!(end_of_invocation(deadline, now), deadline);
        }
        assert_eq!(end_of_invocation(SystemTime::UNIX_EPOCH, now), now + LONGEST_REQUEST);
    }

    #[tokio::test]
    async fn the_first_attempt_does_not_wait_for_a_timer() {
        assert!(pause(0).now_or_never().is_some());
        assert!(pause(5).now_or_never().is_none());
    }

    #[test]
    fn a_pause_is_anywhere_up_to_its_longest() {
        for attempt in [1, 4, 7, u32::MAX] {
            let longest = longest_pause(attempt);
            let pauses: Vec<_> = (0..200).map(|_| backoff(attempt)).collect();
            assert!(pauses.iter().all(|pause| *pause <= longest));
            // That 200 pauses miss one of these ranges happens once in 10^11 runs.
            assert!(pauses.iter().any(|pause| *pause < longest / 8), "{attempt}: none is short");
            assert!(pauses.iter().any(|pause| *pause > longest / 8 * 7), "{attempt}: none is long");
        }
    }
}
