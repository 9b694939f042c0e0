//! Runs functions: as processes behind a Lambda Runtime API, or by a running `cargo lambda watch`.

mod cargo_lambda;
mod dispatch;
pub(crate) mod environment;
mod lending_secret;
pub(crate) mod lent_environment;
mod logs;
mod pool;
mod process;
mod runtime_api;
mod spawner;
mod state;
pub(crate) mod trace;

pub use cargo_lambda::CargoLambda;
pub(crate) use lending_secret::LendingSecret;
pub use lent_environment::{LentEnvironmentError, lent_environment};
pub use pool::ProcessPool;
pub use state::FunctionStats;

use std::path::PathBuf;

use crate::invoke::InvokeError;

/// Lambda's limit for the request and for the response of a synchronous call.
pub(crate) const PAYLOAD_LIMIT: usize = 6 * 1024 * 1024;

#[derive(Debug, thiserror::Error)]
pub enum ComputeError {
    #[error("the Lambda Runtime API cannot listen on 127.0.0.1: {0}")]
    Listen(std::io::Error),
    #[error("the secret of --cargo-lambda cannot be written to {path}: {source}")]
    Secret { path: PathBuf, source: std::io::Error },
    #[error("the thread that starts processes cannot be started: {0}")]
    Thread(std::io::Error),
    #[error(
        "{0} and {1} have one binary, {2}, and `cargo lambda watch` would run it with the environment of one of them; \
         run the functions with --binaries"
    )]
    SharedBinary(String, String, String),
}

/// The error document that Lambda returns when it detects the error itself.
fn runtime_error(kind: &str, message: &str) -> InvokeError {
    InvokeError::Function(serde_json::json!({"errorType": kind, "errorMessage": message}).to_string())
}

#[cfg(test)]
mod tests;
