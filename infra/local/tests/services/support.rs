//! A small stack, its services on a port of their own, and functions written in the test.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use cloud::invoke::{Invoke, InvokeError};
use cloud::model::{
    EventBus, Function, Queue, QueueSource, Redrive, Rule, SigningKey, Stack, StreamSource, Table,
};
use cloud::services::{Credential, EventSources, Services};
use cloud::storage::Storage;
use futures::future::BoxFuture;
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

pub const TABLE: &str = "terrace-Items";
pub const BUS: &str = "terrace";
pub const ROLE: &str = "arn:aws:iam::123456789012:role/terrace-WorkerFunctionRole";
pub const KEY_ID: &str = "0b0a64d4-7f0c-4b7e-9d51-000000000001";

const DEADLINE: Duration = Duration::from_secs(10);

fn queue(name: &str, redrive: Option<Redrive>) -> Queue {
    Queue {
        logical_id: name.into(),
        name: format!("terrace-{name}"),
        arn: queue_arn(name),
        url: queue_url(name),
        visibility_timeout: Duration::from_secs(60),
        retention: Duration::from_secs(3600),
        redrive,
    }
}

pub fn queue_arn(name: &str) -> String {
    format!("arn:aws:sqs:eu-west-1:123456789012:terrace-{name}")
}

pub fn queue_url(name: &str) -> String {
    format!("https://sqs.eu-west-1.amazonaws.com/123456789012/terrace-{name}")
}

pub fn table() -> Table {
    let arn = format!("arn:aws:dynamodb:eu-west-1:123456789012:table/{TABLE}");
    Table {
        logical_id: "Items".into(),
        name: TABLE.into(),
        stream_arn: Some(format!("{arn}/stream/2026-01-01T00:00:00.000")),
        arn,
        create: json!({
            "TableName": TABLE,
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [
                {"AttributeName": "pk", "AttributeType": "S"}, {"AttributeName": "sk", "AttributeType": "S"},
            ],
            "KeySchema": [
                {"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"},
            ],
            "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_IMAGE"},
        }),
        ttl_attribute: Some("expiresAt".into()),
    }
}

fn worker() -> Function {
    Function {
        logical_id: "WorkerFunction".into(),
        name: "terrace-WorkerFunction".into(),
        arn: "arn:aws:lambda:eu-west-1:123456789012:function:terrace-WorkerFunction".into(),
        role_arn: ROLE.into(),
        binary: "worker".into(),
        memory_mb: 128,
        timeout: Duration::from_secs(10),
        reserved_concurrency: None,
        environment: BTreeMap::new(),
    }
}

pub fn stack() -> Stack {
    let bus_arn = format!("arn:aws:events:eu-west-1:123456789012:event-bus/{BUS}");
    Stack {
        name: "terrace".into(),
        functions: vec![worker()],
        api: None,
        tables: vec![table()],
        rules: vec![Rule {
            logical_id: "WorkRule".into(),
            arn: format!("arn:aws:events:eu-west-1:123456789012:rule/{BUS}/terrace-WorkRule"),
            bus_arn: bus_arn.clone(),
            pattern: json!({"source": ["terrace"], "detail-type": ["order.placed"]}),
            target_queue_arns: vec![queue_arn("Work")],
        }],
        buses: vec![EventBus { logical_id: "EventBus".into(), name: BUS.into(), arn: bus_arn }],
        queues: vec![
            queue("Work", Some(Redrive { dead_letter_arn: queue_arn("Dead"), max_receive_count: 2 })),
            queue("Dead", None),
        ],
        signing_keys: vec![SigningKey {
            logical_id: "SigningKey".into(),
            key_id: KEY_ID.into(),
            arn: format!("arn:aws:kms:eu-west-1:123456789012:key/{KEY_ID}"),
        }],
        stream_sources: vec![],
        queue_sources: vec![],
        outputs: BTreeMap::new(),
        without_effect: vec![],
    }
}

pub fn stack_with_queue_source() -> Stack {
    let source = QueueSource {
        logical_id: "WorkerFunctionQueue".into(),
        function: "WorkerFunction".into(),
        queue_arn: queue_arn("Work"),
        batch_size: 10,
        batching_window: Duration::ZERO,
        report_item_failures: true,
        filters: vec![],
    };
    Stack { queue_sources: vec![source], ..stack() }
}

pub fn stack_with_stream_source() -> Stack {
    let source = StreamSource {
        logical_id: "WorkerFunctionStream".into(),
        function: "WorkerFunction".into(),
        stream_arn: table().stream_arn.unwrap(),
        batch_size: 100,
        batching_window: Duration::ZERO,
        bisect_on_error: true,
        report_item_failures: true,
        max_retries: None,
        filters: vec![json!({"eventName": ["INSERT"], "dynamodb": {"Keys": {"sk": {"S": [{"prefix": "e#"}]}}}})],
    };
    Stack { stream_sources: vec![source], ..stack() }
}

pub struct Cloud {
    pub services: Arc<Services>,
    pub credential: Credential,
    url: String,
    client: Client<HttpConnector, Full<Bytes>>,
    server: JoinHandle<()>,
}

impl Drop for Cloud {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Cloud {
    pub async fn start(stack: Stack) -> Cloud {
        Cloud::start_in(stack, Storage::Memory).await
    }

    pub async fn start_in(stack: Stack, storage: Storage) -> Cloud {
        let services = Services::open(Arc::new(stack), &storage).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = services.router();
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        let credential = services.credentials().issue(ROLE, "WorkerFunction");
        let client = Client::builder(TokioExecutor::new()).build_http();
        Cloud { services, credential, url, client, server }
    }

    /// Ends the server, so that the storage can be opened again.
    pub async fn stop(mut self) {
        self.server.abort();
        let _ = (&mut self.server).await;
    }

    pub async fn post(&self, path: &str, headers: &[(&str, &str)], body: String) -> (u16, String) {
        self.post_as(&self.credential, path, headers, body).await
    }

    pub async fn post_as(
        &self,
        credential: &Credential,
        path: &str,
        headers: &[(&str, &str)],
        body: String,
    ) -> (u16, String) {
        let authorization = format!(
            "AWS4-HMAC-SHA256 Credential={}/20260101/eu-west-1/any/aws4_request, SignedHeaders=host, Signature=00",
            credential.access_key_id
        );
        let mut request = http::Request::post(format!("{}{path}", self.url))
            .header("authorization", authorization)
            .header("x-amz-security-token", &credential.session_token);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = self.client.request(request.body(Full::from(body)).unwrap()).await.unwrap();
        let status = response.status().as_u16();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    pub async fn try_call(&self, target: &str, request: Value) -> (u16, Value) {
        let (status, body) = self.post("/", &[("x-amz-target", target)], request.to_string()).await;
        (status, serde_json::from_str(&body).unwrap())
    }

    pub async fn call(&self, target: &str, request: Value) -> Value {
        let (status, answer) = self.try_call(target, request).await;
        assert_eq!(status, 200, "{target}: {answer}");
        answer
    }

    pub async fn dynamodb(&self, action: &str, request: Value) -> Value {
        self.call(&format!("DynamoDB_20120810.{action}"), request).await
    }

    pub async fn put(&self, pk: &str, sk: &str) {
        self.dynamodb("PutItem", json!({"TableName": TABLE, "Item": {"pk": {"S": pk}, "sk": {"S": sk}}})).await;
    }

    pub async fn send(&self, queue: &str, body: &str) -> Value {
        self.call("AmazonSQS.SendMessage", json!({"QueueUrl": queue_url(queue), "MessageBody": body})).await
    }

    /// Messages in a queue, visible and in flight.
    pub fn depth(&self, queue: &str) -> (u64, u64) {
        let name = format!("terrace-{queue}");
        let depths = self.services.queue_depths();
        let depth = depths.iter().find(|depth| depth.queue == name).unwrap();
        (depth.visible, depth.in_flight)
    }

    pub fn feed(&self, worker: &Arc<Worker>) -> EventSources {
        let invoke: Arc<dyn Invoke> = Arc::clone(worker) as _;
        self.services.start_event_sources(invoke)
    }
}

type Answer = dyn Fn(&[Value]) -> Result<Value, InvokeError> + Send + Sync;

/// A function written in the test: it sees records and answers.
pub struct Worker {
    answer: Box<Answer>,
    batches: Mutex<Vec<Vec<Value>>>,
}

impl Worker {
    pub fn new(answer: impl Fn(&[Value]) -> Result<Value, InvokeError> + Send + Sync + 'static) -> Arc<Worker> {
        Arc::new(Worker { answer: Box::new(answer), batches: Mutex::default() })
    }

    pub fn content() -> Arc<Worker> {
        Worker::new(|_| Ok(json!({"batchItemFailures": []})))
    }

    pub fn batches(&self) -> Vec<Vec<Value>> {
        self.batches.lock().unwrap().clone()
    }

    pub fn records(&self) -> Vec<Value> {
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

pub async fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
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
