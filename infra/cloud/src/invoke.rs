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

pub trait Invoke: Send + Sync + 'static {
    /// Calls the function with this logical id synchronously, with one JSON event.
    fn invoke<'a>(&'a self, function: &'a str, event: Bytes) -> BoxFuture<'a, Result<Bytes, InvokeError>>;
}
