//! Serves a function's environment to processes that `cargo lambda watch`, and not the pool, starts.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path as Segment, State};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::get;
use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode};
use http_body_util::{BodyExt, Empty};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

use super::environment::variables;
use super::lending_secret::{HEADER, LendingSecret};
use crate::model::Stack;
use crate::services::Services;

const WITHOUT_SECRET: &str = "Send the secret of this cloud as x-lending-secret: it is in the file lending-secret of its data \
     directory. as_function reads the file that TERRACE_SECRET_FILE names.";

pub(crate) struct Lender {
    pub(crate) stack: Arc<Stack>,
    pub(crate) services: Arc<Services>,
    pub(crate) services_url: String,
    pub(crate) secret: LendingSecret,
}

pub(crate) fn router(lender: Lender) -> Router {
    Router::new().route("/functions/{binary}/environment", get(lend)).with_state(Arc::new(lender))
}

async fn lend(
    State(lender): State<Arc<Lender>>,
    Segment(binary): Segment<String>,
    headers: HeaderMap,
) -> Response {
    if !headers.get(HEADER).is_some_and(|sent| lender.secret.is(sent.as_bytes())) {
        return (StatusCode::FORBIDDEN, WITHOUT_SECRET).into_response();
    }
    let Some(function) = lender.stack.functions.iter().find(|function| function.binary == binary) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let credential = lender.services.credentials().issue(&function.role_arn, &function.logical_id);
    Json(variables(function, &credential, &lender.services_url)).into_response()
}

#[derive(Debug, thiserror::Error)]
pub enum LentEnvironmentError {
    #[error("no cloud answers at {url}: {source}; start it with --cargo-lambda, or set TERRACE_AWS_PORT")]
    Unreachable { url: String, source: Box<dyn std::error::Error + Send + Sync> },
    #[error(
        "the secret cannot be read from {path}: {source}; TERRACE_SECRET_FILE must name the file lending-secret in \
         the data directory of a cloud that was started with --cargo-lambda"
    )]
    NoSecret { path: PathBuf, source: io::Error },
    #[error(
        "the cloud at {url} has another secret than the one in {path}; TERRACE_SECRET_FILE must name the file \
         lending-secret in the data directory of this cloud, and TERRACE_AWS_PORT its port"
    )]
    OtherSecret { url: String, path: PathBuf },
    #[error("the template has no function with the binary {0}")]
    Unknown(String),
}

/// Fetches the environment from the cloud that serves its services at this URL and has written this file.
pub async fn lent_environment(
    services_url: &str,
    secret_file: &Path,
    binary: &str,
) -> Result<BTreeMap<String, String>, LentEnvironmentError> {
    let unreachable = |source| LentEnvironmentError::Unreachable { url: services_url.to_owned(), source };
    let secret = std::fs::read_to_string(secret_file)
        .map_err(|source| LentEnvironmentError::NoSecret { path: secret_file.to_owned(), source })?;
    let request = Request::get(format!("{services_url}/functions/{binary}/environment"))
        .header(HEADER, secret.trim())
        .body(Empty::new())
        .map_err(|error| unreachable(error.into()))?;
    let client: Client<HttpConnector, Empty<Bytes>> = Client::builder(TokioExecutor::new()).build_http();
    let response = client.request(request).await.map_err(|error| unreachable(error.into()))?;
    match response.status() {
        StatusCode::OK => {}
        StatusCode::FORBIDDEN => {
            return Err(LentEnvironmentError::OtherSecret {
                url: services_url.to_owned(),
                path: secret_file.to_owned(),
            });
        }
        _ => return Err(LentEnvironmentError::Unknown(binary.to_owned())),
    }
    let body = response.into_body().collect().await.map_err(|error| unreachable(error.into()))?.to_bytes();
    serde_json::from_slice(&body).map_err(|error| unreachable(error.into()))
}
