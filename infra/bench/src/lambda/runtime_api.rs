//! Lambda's Runtime API for one process, which gets the events that are sent, one by one.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use bytes::Bytes;
use serde_json::Value;
use tokio::sync::Mutex;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinHandle;

use super::runtime;

/// Longer than any function takes, even under a CPU quota or instrumented.
const LONGEST: Duration = Duration::from_secs(120);

pub(super) enum Said {
    Asked(Instant),
    Answered(Instant, Bytes),
    Failed(Bytes),
}

pub(super) struct RuntimeApi {
    address: SocketAddr,
    events: UnboundedSender<Bytes>,
    said: Receiver<Said>,
    server: JoinHandle<()>,
}

struct Shared {
    events: Mutex<UnboundedReceiver<Bytes>>,
    said: Sender<Said>,
}

impl RuntimeApi {
    pub(super) fn start() -> RuntimeApi {
        let (events, waiting) = unbounded_channel();
        let (saying, said) = channel();
        let shared = Arc::new(Shared { events: Mutex::new(waiting), said: saying });
        let listener = runtime().block_on(tokio::net::TcpListener::bind("127.0.0.1:0"));
        let listener = listener.expect("there is a free port");
        let address = listener.local_addr().expect("a listener has an address");
        let server = runtime().spawn(async move {
            use axum::serve::ListenerExt;
            let listener = listener.tap_io(|connection| {
                let _ = connection.set_nodelay(true);
            });
            let _ = axum::serve(listener, router(shared)).await;
        });
        RuntimeApi { address, events, said, server }
    }

    pub(super) fn address(&self) -> String {
        self.address.to_string()
    }

    pub(super) fn send(&self, event: &Value) {
        self.events.send(Bytes::from(event.to_string())).expect("the server runs");
    }

    /// Waits until the process polls for an event.
    pub(super) fn asked(&self) -> Instant {
        match self.next() {
            Said::Asked(at) => at,
            Said::Answered(_, body) | Said::Failed(body) => panic!("{}", String::from_utf8_lossy(&body)),
        }
    }

    pub(super) fn answered(&self, name: &str) -> (Instant, Value) {
        match self.next() {
            Said::Answered(at, body) => (at, serde_json::from_slice(&body).expect("an answer is JSON")),
            Said::Failed(body) => panic!("{name} failed: {}", String::from_utf8_lossy(&body)),
            Said::Asked(_) => panic!("{name} asked for another event before it answered"),
        }
    }

    fn next(&self) -> Said {
        self.said.recv_timeout(LONGEST).expect("the function answers, or it has ended")
    }
}

impl Drop for RuntimeApi {
    fn drop(&mut self) {
        self.server.abort();
    }
}

fn router(shared: Arc<Shared>) -> Router {
    const BASE: &str = "/2018-06-01/runtime";
    Router::new()
        .route(&format!("{BASE}/invocation/next"), get(next))
        .route(&format!("{BASE}/invocation/{{request}}/response"), post(answer))
        .route(&format!("{BASE}/invocation/{{request}}/error"), post(error))
        .route(&format!("{BASE}/init/error"), post(error))
        .layer(DefaultBodyLimit::disable())
        .with_state(shared)
}

async fn next(State(shared): State<Arc<Shared>>) -> Response {
    let _ = shared.said.send(Said::Asked(Instant::now()));
    let Some(event) = shared.events.lock().await.recv().await else {
        return StatusCode::GONE.into_response();
    };
    let deadline = std::time::SystemTime::now() + LONGEST;
    let deadline = deadline.duration_since(std::time::UNIX_EPOCH).unwrap_or_default().as_millis();
    let headers = [
        ("content-type", "application/json".to_owned()),
        ("lambda-runtime-aws-request-id", "8476a536-e9f4-11e8-9739-2dfe598c3fcd".to_owned()),
        ("lambda-runtime-deadline-ms", deadline.to_string()),
        (
            "lambda-runtime-invoked-function-arn",
            "arn:aws:lambda:eu-west-1:123456789012:function:f".to_owned(),
        ),
        (
            "lambda-runtime-trace-id",
            "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1".to_owned(),
        ),
    ];
    (headers, event).into_response()
}

async fn answer(State(shared): State<Arc<Shared>>, body: Bytes) -> StatusCode {
    let _ = shared.said.send(Said::Answered(Instant::now(), body));
    StatusCode::ACCEPTED
}

async fn error(State(shared): State<Arc<Shared>>, body: Bytes) -> StatusCode {
    let _ = shared.said.send(Said::Failed(body));
    StatusCode::ACCEPTED
}
