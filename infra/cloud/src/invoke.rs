//! How the gateway and the event sources call a function, whichever backend runs it.

use bytes::Bytes;
use futures::future::BoxFuture;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvokeError {
    /// The function returned an error document.
    #[error("the function failed: {0}")]
    Function(String),
    #[error("the function did not answer in time")]
    TimedOut,
    #[error("all of the function's reserved concurrency is in use")]
    Throttled,
    #[error("the function could not be started: {0}")]
    Unavailable(String),
}

impl InvokeError {
    /// Whether the event may have caused the error, and not the lack of a process to run the function.
    pub(crate) fn blames_event(&self) -> bool {
        !matches!(self, InvokeError::Throttled | InvokeError::Unavailable(_))
    }
}

pub trait Invoke: Send + Sync + 'static {
    /// Calls the function with this logical id synchronously, with one JSON event.
    fn invoke<'a>(&'a self, function: &'a str, event: Bytes) -> BoxFuture<'a, Result<Bytes, InvokeError>>;
}
