//! Serves a function's environment to processes that `cargo lambda watch`, and not the pool, starts.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::Path;
use axum::routing::get;
use axum::{Json, Router};
use bytes::Bytes;
use http::StatusCode;
use http_body_util::{BodyExt, Empty};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

use super::environment::variables;
use crate::model::Stack;
use crate::services::Services;

pub(crate) fn router(stack: Arc<Stack>, services: Arc<Services>, services_url: String) -> Router {
    let answer = move |Path(binary): Path<String>| async move {
        let function = stack.functions.iter().find(|function| function.binary == binary);
        let function = function.ok_or(StatusCode::NOT_FOUND)?;
        let credential = services.credentials().issue(&function.role_arn, &function.logical_id);
        Ok::<Json<BTreeMap<String, String>>, StatusCode>(Json(variables(
            function,
            &credential,
            &services_url,
        )))
    };
    Router::new().route("/functions/{binary}/environment", get(answer))
}

#[derive(Debug, thiserror::Error)]
pub enum LentEnvironmentError {
    #[error("no cloud answers at {url}: {source}; start it with --cargo-lambda, or set TERRACE_AWS_PORT")]
    Unreachable { url: String, source: Box<dyn std::error::Error + Send + Sync> },
    #[error("the template has no function with the binary {0}")]
    Unknown(String),
}

/// Fetches the environment from the cloud that serves its services at this URL.
pub async fn lent_environment(
    services_url: &str,
    binary: &str,
) -> Result<BTreeMap<String, String>, LentEnvironmentError> {
    let url = format!("{services_url}/functions/{binary}/environment");
    let unreachable = |source| LentEnvironmentError::Unreachable { url: services_url.to_owned(), source };
    let uri = url.parse().map_err(|error: http::uri::InvalidUri| unreachable(error.into()))?;
    let client: Client<HttpConnector, Empty<Bytes>> = Client::builder(TokioExecutor::new()).build_http();
    let response = client.get(uri).await.map_err(|error| unreachable(error.into()))?;
    if response.status() != StatusCode::OK {
        return Err(LentEnvironmentError::Unknown(binary.to_owned()));
    }
    let body = response.into_body().collect().await.map_err(|error| unreachable(error.into()))?.to_bytes();
    serde_json::from_slice(&body).map_err(|error| unreachable(error.into()))
}
