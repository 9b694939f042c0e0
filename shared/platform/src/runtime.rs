//! Starts a function: telemetry, a single-threaded runtime, and a clear end when start-up fails.

use std::future::Future;
use std::process::ExitCode;
use std::time::Duration;

use crate::ConfigError;

#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error("the runtime did not start: {0}")]
    Runtime(#[from] std::io::Error),
    #[error("the function ended: {0}")]
    Lambda(#[from] lambda_http::Error),
    #[error("{0}")]
    Dependency(String),
}

/// Lambda gives a process one invocation at a time, so one thread is enough.
pub(crate) fn run(function: impl Future<Output = Result<(), StartError>>) -> ExitCode {
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

/// The pause before an attempt of ours; the first one, number 0, waits for nothing.
pub(crate) fn backoff(attempt: u32) -> Duration {
    match attempt {
        0 => Duration::ZERO,
        later => Duration::from_millis(25) * 2u32.saturating_pow(later.min(6)),
    }
}

/// State lives as long as the process: handlers borrow it for ever.
pub(crate) fn leak<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}
