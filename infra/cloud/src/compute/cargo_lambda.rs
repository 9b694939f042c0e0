//! Calls functions through a running `cargo lambda watch`.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures::future::{BoxFuture, FutureExt};
use http::{Request, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

use super::{ComputeError, PAYLOAD_LIMIT, runtime_error};
use crate::invoke::{Invoke, InvokeError};
use crate::model::{Function, Stack};

/// `cargo lambda watch` compiles a function at its first call.
const COMPILATION: Duration = Duration::from_secs(300);

pub struct CargoLambda {
    stack: Arc<Stack>,
    url: String,
    client: Client<HttpConnector, Full<Bytes>>,
    pub(super) compilation: Duration,
}

impl CargoLambda {
    /// `url` is that of the Invoke API, which listens on `http://127.0.0.1:9000` by default.
    ///
    /// It knows a function by its binary alone, so no two functions may share one.
    pub fn new(stack: Arc<Stack>, url: String) -> Result<CargoLambda, ComputeError> {
        let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
        for Function { logical_id, binary, .. } in &stack.functions {
            if let Some(first) = seen.insert(binary, logical_id) {
                return Err(ComputeError::SharedBinary(first.to_owned(), logical_id.clone(), binary.clone()));
            }
        }
        let client = Client::builder(TokioExecutor::new()).build_http();
        Ok(CargoLambda { stack, url: url.trim_end_matches('/').to_owned(), client, compilation: COMPILATION })
    }

    async fn call(&self, function: &Function, event: Bytes) -> Result<Bytes, InvokeError> {
        let uri = format!("{}/2015-03-31/functions/{}/invocations", self.url, function.binary);
        let request = Request::post(uri)
            .header("content-type", "application/json")
            .body(Full::new(event))
            .map_err(|error| self.unreachable(&error))?;
        let response = self.client.request(request).await.map_err(|error| self.unreachable(&error))?;
        let (head, body) = response.into_parts();
        let body = body.collect().await.map_err(|error| self.unreachable(&error))?.to_bytes();
        if head.status == StatusCode::NOT_FOUND {
            return Err(InvokeError::Unavailable(format!(
                "`cargo lambda watch` has no binary {}",
                function.binary
            )));
        }
        // `cargo lambda watch` reports a function's error by the status, AWS by the header.
        if head.headers.contains_key("x-amz-function-error") || !head.status.is_success() {
            return Err(InvokeError::Function(String::from_utf8_lossy(&body).into_owned()));
        }
        if body.len() > PAYLOAD_LIMIT {
            return Err(runtime_error(
                "Function.ResponseSizeTooLarge",
                "Response payload size exceeded 6 MB.",
            ));
        }
        Ok(body)
    }

    fn unreachable(&self, error: &dyn std::error::Error) -> InvokeError {
        let cause = error.source().map_or_else(|| error.to_string(), ToString::to_string);
        InvokeError::Unavailable(format!(
            "`cargo lambda watch` does not answer at {} ({cause}); is it running?",
            self.url
        ))
    }
}

impl Invoke for CargoLambda {
    fn invoke<'a>(&'a self, function: &'a str, event: Bytes) -> BoxFuture<'a, Result<Bytes, InvokeError>> {
        async move {
            let Some(function) = self.stack.functions.iter().find(|known| known.logical_id == function)
            else {
                return Err(InvokeError::Unavailable(format!("the template has no function {function}")));
            };
            tokio::time::timeout(function.timeout + self.compilation, self.call(function, event))
                .await
                .unwrap_or(Err(InvokeError::TimedOut))
        }
        .boxed()
    }
}
