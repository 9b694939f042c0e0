//! The gateway as a router, with closures as functions.

mod authorizer;
mod aws_iam;
mod cors;
mod limits;
mod permissions;
mod requests;
mod responses;
mod throttles;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use bytes::Bytes;
use futures::future::{BoxFuture, FutureExt};
use http::{HeaderMap, StatusCode};
use http_body_util::BodyExt;
use hyper::service::Service;
use hyper_util::service::TowerToHyperService;
use serde_json::{Value, json};

use crate::invoke::{Invoke, InvokeError};
use crate::model::{self, Authorizer, Cors, HttpApi, Route, RouteAuthorizer, Stack};
use crate::services::{Authorization, Invokers};
use crate::template::permissions::grant;

type Answer = Result<Bytes, InvokeError>;
type Function = Box<dyn Fn(&Value) -> Answer + Send + Sync>;

/// Functions by logical id, which records the events that it was called with.
#[derive(Default)]
struct Functions {
    answers: BTreeMap<&'static str, Function>,
    events: Mutex<Vec<(String, Value)>>,
    /// Functions that never answer.
    stuck: Vec<&'static str>,
}

impl Functions {
    fn with(
        mut self,
        function: &'static str,
        answer: impl Fn(&Value) -> Answer + Send + Sync + 'static,
    ) -> Functions {
        self.answers.insert(function, Box::new(answer));
        self
    }

    fn answering(function: &'static str, answer: Value) -> Functions {
        Functions::default().with(function, move |_| ok(&answer))
    }

    fn events(&self, function: &str) -> Vec<Value> {
        let events = self.events.lock().unwrap();
        events.iter().filter(|(called, _)| called == function).map(|(_, event)| event.clone()).collect()
    }
}

impl Invoke for Functions {
    fn invoke<'a>(&'a self, function: &'a str, event: Bytes) -> BoxFuture<'a, Answer> {
        async move {
            let event: Value = serde_json::from_slice(&event).unwrap();
            self.events.lock().unwrap().push((function.to_owned(), event.clone()));
            if self.stuck.contains(&function) {
                std::future::pending::<()>().await;
            }
            self.answers[function](&event)
        }
        .boxed()
    }
}

fn ok(answer: &Value) -> Answer {
    Ok(Bytes::from(answer.to_string()))
}

struct Gateway {
    router: Router,
    functions: Arc<Functions>,
    invokers: Invokers,
}

struct Received {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Received {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    fn said(&self) -> (u16, &str) {
        (self.status.as_u16(), &self.body)
    }
}

impl Gateway {
    fn new(functions: Functions) -> Gateway {
        Self::of(api(), functions)
    }

    fn of(api: HttpApi, functions: Functions) -> Gateway {
        Self::in_front_of(&stack(api), functions)
    }

    fn in_front_of(stack: &Stack, functions: Functions) -> Gateway {
        let functions = Arc::new(functions);
        let invokers = Invokers::new(&Arc::new(stack.clone()), Authorization::Decided).unwrap();
        let (api, limit) = (stack.apis.first(), Duration::from_millis(50));
        let router = super::router_with(stack, api, functions.clone(), invokers.clone(), limit);
        Gateway { router, functions, invokers }
    }

    async fn send(&self, request: http::Request<Body>) -> Received {
        let response = TowerToHyperService::new(self.router.clone()).call(request).await.unwrap();
        let (head, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Received {
            status: head.status,
            headers: head.headers,
            body: String::from_utf8(body.to_vec()).unwrap(),
        }
    }

    async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Received {
        self.send(request("GET", path, headers, "")).await
    }
}

fn request(method: &str, path: &str, headers: &[(&str, &str)], body: impl Into<Body>) -> http::Request<Body> {
    let builder = http::Request::builder().method(method).uri(path);
    headers
        .iter()
        .fold(builder, |builder, (name, value)| builder.header(*name, *value))
        .body(body.into())
        .unwrap()
}

fn route(key: &str, function: &str, authorizer: Option<&str>) -> Route {
    let (method, path) = key.split_once(' ').unwrap();
    Route {
        method: method.into(),
        path: path.into(),
        function: function.into(),
        authorizer: authorizer.map_or(RouteAuthorizer::None, |name| RouteAuthorizer::Lambda(name.to_owned())),
    }
}

fn api() -> HttpApi {
    let token = Authorizer {
        function: "Authorize".into(),
        identity_headers: vec!["authorization".into()],
        reauthorize_every: Duration::from_secs(60),
    };
    HttpApi {
        logical_id: "Api".into(),
        stack: "terrace".into(),
        routes: vec![
            route("GET /open", "Open", None),
            route("POST /open", "Open", None),
            route("GET /products/{id}", "Open", None),
            route("GET /me", "Closed", Some("Token")),
            route("GET /orders/{id}", "Closed", Some("Token")),
        ],
        authorizers: BTreeMap::from([("Token".into(), token)]),
        cors: None,
        throttles: crate::model::Throttles::default(),
    }
}

fn function(logical_id: &str) -> model::Function {
    model::Function {
        logical_id: logical_id.into(),
        name: logical_id.into(),
        arn: format!("arn:aws:lambda:eu-west-1:123456789012:function:{logical_id}"),
        role_arn: String::new(),
        binary: logical_id.into(),
        description: String::new(),
        memory_mb: 128,
        timeout: Duration::from_secs(3),
        reserved_concurrency: None,
        allows_recursive_loop: false,
        environment: BTreeMap::new(),
        log_group: String::new(),
        policy: None,
    }
}

/// Each function is invoked as SAM permits it.
fn stack(api: HttpApi) -> Stack {
    let mut stack = Stack {
        roles: Vec::new(),
        name: "terrace".into(),
        functions: ["Open", "Closed", "Authorize"].map(function).into(),
        apis: vec![api],
        tables: vec![],
        buses: vec![],
        rules: vec![],
        queues: vec![],
        signing_keys: vec![],
        stream_sources: vec![],
        queue_sources: vec![],
        schedules: vec![],
        log_groups: vec![],
        log_subscriptions: vec![],
        outputs: BTreeMap::new(),
        profiles: vec![],
        data_version: 1,
        without_effect: vec![],
    };
    grant(&mut stack, &[]);
    stack
}
