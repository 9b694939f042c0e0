//! The whole cloud with the repository's template, without the functions' binaries.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod invoke;
mod lent_environment;
mod library;
mod limits;
mod local_names;
mod logs;
mod nested;
mod profiles;
mod program;
#[path = "../services/signer.rs"]
mod signer;

use std::collections::BTreeMap;
use std::path::PathBuf;

use bytes::Bytes;
use http::{Request, StatusCode};
use http_body_util::{BodyExt, Empty};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;

fn template() -> PathBuf {
    concat!(env!("CARGO_MANIFEST_DIR"), "/../../template.yaml").into()
}

fn parameters() -> BTreeMap<String, String> {
    BTreeMap::from([
        ("MailSender".to_owned(), "mail@example.com".to_owned()),
        ("SignInConcurrency".to_owned(), "10".to_owned()),
    ])
}

async fn get(url: &str, headers: &[(&str, &str)]) -> (StatusCode, String) {
    let mut request = Request::get(url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let client = Client::builder(TokioExecutor::new()).build_http::<Empty<Bytes>>();
    let response = client.request(request.body(Empty::new()).unwrap()).await.unwrap();
    let status = response.status();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}
