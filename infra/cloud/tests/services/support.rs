//! Services on a port of their own, and functions written in the test.

use std::future::Future;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use cloud::invoke::{Invoke, InvokeError};
use cloud::model::Stack;
use cloud::services::{Authorization, Credential, EventSources, Services};
use cloud::storage::Storage;
use futures::future::BoxFuture;
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::signer::{Request, signed_as};
use crate::stack::{ROLE, TABLE, queue_url};

const DEADLINE: Duration = Duration::from_secs(10);

pub(crate) struct Cloud {
    pub(crate) services: Arc<Services>,
    /// What Lambda invokes.
    pub(crate) functions: Arc<Echo>,
    pub(crate) credential: Credential,
    pub(crate) url: String,
    client: Client<HttpConnector, Full<Bytes>>,
    server: JoinHandle<()>,
}

impl Drop for Cloud {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Cloud {
    pub(crate) async fn start(stack: Stack) -> Cloud {
        Cloud::start_in(stack, Storage::Memory).await
    }

    pub(crate) async fn start_in(stack: Stack, storage: Storage) -> Cloud {
        Cloud::start_as(stack, storage, Authorization::Open).await
    }

    pub(crate) async fn start_as(stack: Stack, storage: Storage, authorization: Authorization) -> Cloud {
        let services = Services::open(Arc::new(stack), &storage, authorization).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let functions = Arc::new(Echo::default());
        let router = services.router(functions.clone());
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        let credential = services.credentials().issue(ROLE, "WorkerFunction");
        let client = Client::builder(TokioExecutor::new()).build_http();
        Cloud { services, functions, credential, url, client, server }
    }

    /// Ends the server, so that the storage can be opened again.
    pub(crate) async fn stop(mut self) {
        self.server.abort();
        let _ = (&mut self.server).await;
    }

    pub(crate) async fn post(&self, path: &str, headers: &[(&str, &str)], body: String) -> (u16, String) {
        self.post_as(&self.credential, path, headers, body).await
    }

    pub(crate) async fn post_as(
        &self,
        credential: &Credential,
        path: &str,
        headers: &[(&str, &str)],
        body: String,
    ) -> (u16, String) {
        self.send_request(signed(credential, &self.url, path, headers, body)).await
    }

    pub(crate) async fn send_request(&self, request: Request) -> (u16, String) {
        let (head, body) = self.exchange(request).await;
        (head.status.as_u16(), body)
    }

    pub(crate) async fn exchange(&self, request: Request) -> (http::response::Parts, String) {
        let response = self.client.request(request.map(Full::from)).await.unwrap();
        let (head, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        (head, String::from_utf8(body.to_vec()).unwrap())
    }

    pub(crate) async fn try_call(&self, target: &str, request: Value) -> (u16, Value) {
        let (status, body) = self.post("/", &[("x-amz-target", target)], request.to_string()).await;
        (status, serde_json::from_str(&body).unwrap())
    }

    pub(crate) async fn call(&self, target: &str, request: Value) -> Value {
        let (status, answer) = self.try_call(target, request).await;
        assert_eq!(status, 200, "{target}: {answer}");
        answer
    }

    pub(crate) async fn dynamodb(&self, action: &str, request: Value) -> Value {
        self.call(&format!("DynamoDB_20120810.{action}"), request).await
    }

    pub(crate) async fn put(&self, pk: &str, sk: &str) {
        self.dynamodb("PutItem", json!({"TableName": TABLE, "Item": {"pk": {"S": pk}, "sk": {"S": sk}}}))
            .await;
    }

    pub(crate) async fn send(&self, queue: &str, body: &str) -> Value {
        self.call("AmazonSQS.SendMessage", json!({"QueueUrl": queue_url(queue), "MessageBody": body})).await
    }

    /// The numbers of visible messages and of messages in flight in a queue.
    pub(crate) fn depth(&self, queue: &str) -> (u64, u64) {
        let name = format!("terrace-{queue}");
        let depths = self.services.queue_depths();
        let depth = depths.iter().find(|depth| depth.queue == name).unwrap();
        (depth.visible, depth.in_flight)
    }

    pub(crate) fn feed<F: Invoke>(&self, function: &Arc<F>) -> EventSources {
        let invoke: Arc<dyn Invoke> = Arc::clone(function) as _;
        self.services.start_event_sources(invoke)
    }
}

/// A request that its sender has signed with all its headers.
pub(crate) fn signed(
    credential: &Credential,
    url: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: String,
) -> Request {
    signed_as(("POST", service(path, headers)), credential, url, path, headers, body)
}

fn service<'a>(path: &str, headers: &[(&str, &'a str)]) -> &'a str {
    if path == "/v2/email/outbound-emails" {
        return "ses";
    }
    let target = headers.iter().find(|(name, _)| *name == "x-amz-target").map(|(_, value)| *value);
    match target.map(|target| target.split('.').next().unwrap()) {
        Some("DynamoDB_20120810") => "dynamodb",
        Some("TrentService") => "kms",
        Some("AWSEvents") => "events",
        Some("AmazonSQS") => "sqs",
        Some(other) => panic!("{other} is no service of these tests"),
        None => "sts",
    }
}

/// Functions that answer their event, or fail as it says.
#[derive(Default)]
pub(crate) struct Echo {
    events: Mutex<Vec<(String, Value)>>,
}

impl Echo {
    pub(crate) fn events(&self) -> Vec<(String, Value)> {
        self.events.lock().unwrap().clone()
    }
}

impl Invoke for Echo {
    fn invoke<'a>(&'a self, function: &'a str, event: Bytes) -> BoxFuture<'a, Result<Bytes, InvokeError>> {
        let read: Value = serde_json::from_slice(&event).unwrap();
        self.events.lock().unwrap().push((function.to_owned(), read.clone()));
        let answer = match read["fail"].as_str() {
            Some("throttled") => Err(InvokeError::Throttled),
            Some("late") => Err(InvokeError::TimedOut),
            Some("no binary") => Err(InvokeError::Unavailable("no binary".to_owned())),
            Some(document) => Err(InvokeError::Function(document.to_owned())),
            None => Ok(event),
        };
        Box::pin(async move { answer })
    }
}

type Answer = dyn Fn(&[Value]) -> Result<Value, InvokeError> + Send + Sync;

/// A function written in the test, which gets records and answers them.
pub(crate) struct Worker {
    answer: Box<Answer>,
    batches: Mutex<Vec<Vec<Value>>>,
}

impl Worker {
    pub(crate) fn new(
        answer: impl Fn(&[Value]) -> Result<Value, InvokeError> + Send + Sync + 'static,
    ) -> Arc<Worker> {
        Arc::new(Worker { answer: Box::new(answer), batches: Mutex::default() })
    }

    pub(crate) fn content() -> Arc<Worker> {
        Worker::new(|_| Ok(json!({"batchItemFailures": []})))
    }

    pub(crate) fn batches(&self) -> Vec<Vec<Value>> {
        self.batches.lock().unwrap().clone()
    }

    pub(crate) fn records(&self) -> Vec<Value> {
        self.batches().concat()
    }
}

impl Invoke for Worker {
    fn invoke<'a>(&'a self, function: &'a str, event: Bytes) -> BoxFuture<'a, Result<Bytes, InvokeError>> {
        assert_eq!(function, "WorkerFunction");
        let event: Value = serde_json::from_slice(&event).unwrap();
        let records = event["Records"].as_array().unwrap().clone();
        let answer = (self.answer)(&records);
        self.batches.lock().unwrap().push(records);
        Box::pin(async move { answer.map(|answer| Bytes::from(answer.to_string())) })
    }
}

pub(crate) async fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let watched = async {
        while !holds() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    within_deadline(what, watched).await;
}

async fn within_deadline(what: &str, future: impl Future<Output = ()>) {
    assert!(tokio::time::timeout(DEADLINE, future).await.is_ok(), "not in time: {what}");
}
