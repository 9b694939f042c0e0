//! Event sources that are switched off and on.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use cloud::invoke::{Invoke, InvokeError};
use futures::future::BoxFuture;
use serde_json::{Value, json};

use crate::held::Held;
use crate::stack::{stack_with_queue_source, stack_with_stream_source};
use crate::support::{Cloud, Worker, eventually};

const WORKER: &str = "WorkerFunction";
const OTHER: &str = "OtherFunction";

/// Functions that all succeed or all fail, and for each record that came the name of its function.
struct Functions {
    succeed: bool,
    called: Mutex<Vec<String>>,
}

impl Functions {
    fn new(succeed: bool) -> Arc<Functions> {
        Arc::new(Functions { succeed, called: Mutex::default() })
    }

    fn records_of(&self, function: &str) -> usize {
        self.called.lock().unwrap().iter().filter(|called| *called == function).count()
    }
}

impl Invoke for Functions {
    fn invoke<'a>(&'a self, function: &'a str, event: Bytes) -> BoxFuture<'a, Result<Bytes, InvokeError>> {
        let event: Value = serde_json::from_slice(&event).unwrap();
        let records = event["Records"].as_array().unwrap().len();
        self.called.lock().unwrap().extend(vec![function.to_owned(); records]);
        let answer = match self.succeed {
            true => Ok(Bytes::from(json!({"batchItemFailures": []}).to_string())),
            false => Err(InvokeError::Function("it always fails".into())),
        };
        Box::pin(async { answer })
    }
}

#[tokio::test]
async fn a_queue_is_not_read_while_its_source_is_off_and_what_runs_ends() {
    let cloud = Cloud::start(stack_with_queue_source()).await;
    let function = Held::new();
    let sources = cloud.feed(&function);
    cloud.send("Work", "first").await;
    eventually("the first message is handled", || function.running() == 1).await;

    sources.set_enabled(WORKER, false).unwrap();
    for body in ["second", "third"] {
        cloud.send("Work", body).await;
    }
    function.end_one();
    eventually("the first message alone is gone", || cloud.depth("Work") == (2, 0)).await;
    assert_eq!((function.running(), function.ended()), (0, 1));

    sources.set_enabled(WORKER, true).unwrap();
    function.end_one();
    function.end_one();
    eventually("the others were handled", || cloud.depth("Work") == (0, 0)).await;
}

#[tokio::test]
async fn a_batch_that_waits_for_more_gets_nothing_after_its_source_is_off() {
    let mut stack = stack_with_queue_source();
    stack.queue_sources[0].batching_window = Duration::from_secs(1);
    let cloud = Cloud::start(stack).await;
    let worker = Worker::content();
    let sources = cloud.feed(&worker);
    cloud.send("Work", "first").await;
    eventually("the batch waits for more", || cloud.depth("Work") == (0, 1)).await;

    sources.set_enabled(WORKER, false).unwrap();
    cloud.send("Work", "second").await;
    eventually("the batch was handled", || cloud.depth("Work") == (1, 0)).await;
    assert_eq!(worker.records().len(), 1);
}

#[tokio::test]
async fn a_stream_is_not_read_while_its_source_is_off() {
    let mut stack = stack_with_stream_source();
    let mut other = stack.stream_sources[0].clone();
    (other.logical_id, other.function) = ("OtherFunctionStream".into(), OTHER.into());
    stack.stream_sources.push(other);
    let cloud = Cloud::start(stack).await;
    let functions = Functions::new(true);
    let sources = cloud.feed(&functions);
    let read = || (functions.records_of(WORKER), functions.records_of(OTHER));
    cloud.put("before", "e#1").await;
    eventually("the first record came", || read() == (1, 1)).await;

    sources.set_enabled(WORKER, false).unwrap();
    for number in 0..10 {
        cloud.put(&number.to_string(), "e#1").await;
    }
    eventually("the other function got all", || functions.records_of(OTHER) == 11).await;
    assert_eq!(read(), (1, 11));
    sources.set_enabled(WORKER, true).unwrap();
    eventually("the others came", || read() == (11, 11)).await;
}

#[tokio::test]
async fn a_source_that_the_template_disables_reads_its_backlog_once_it_is_on() {
    let mut stack = stack_with_stream_source();
    stack.stream_sources[0].enabled = false;
    let cloud = Cloud::start(stack).await;
    let worker = Worker::content();
    let sources = cloud.feed(&worker);
    for number in 0..10 {
        cloud.put(&number.to_string(), "e#1").await;
    }
    assert!(worker.records().is_empty());
    sources.set_enabled(WORKER, true).unwrap();
    eventually("all came", || worker.records().len() == 10).await;
    assert_eq!(worker.batches().len(), 1);
}

#[tokio::test]
async fn a_queue_source_that_the_template_disables_reads_nothing() {
    let mut stack = stack_with_queue_source();
    stack.queue_sources[0].enabled = false;
    let cloud = Cloud::start(stack).await;
    let worker = Worker::content();
    let sources = cloud.feed(&worker);
    for number in 0..10 {
        cloud.send("Work", &number.to_string()).await;
    }
    assert_eq!(cloud.depth("Work"), (10, 0));
    sources.set_enabled(WORKER, true).unwrap();
    eventually("all were handled", || cloud.depth("Work") == (0, 0)).await;
}

#[tokio::test]
async fn a_batch_of_a_stream_is_not_retried_while_its_source_is_off() {
    let mut stack = stack_with_stream_source();
    let queue_sources = stack_with_queue_source().queue_sources;
    stack.queue_sources = queue_sources;
    stack.queue_sources[0].function = OTHER.into();
    let cloud = Cloud::start(stack).await;
    // Longer than the pause before the first retry of a stream.
    cloud.services.override_visibility_timeout(Duration::from_millis(400));
    let failing = Functions::new(false);
    let sources = cloud.feed(&failing);
    cloud.put("a", "e#1").await;
    eventually("the batch failed", || failing.records_of(WORKER) > 0).await;

    sources.set_enabled(WORKER, false).unwrap();
    let calls = failing.records_of(WORKER);
    cloud.send("Work", "a").await;
    eventually("the other function was called again", || failing.records_of(OTHER) == 2).await;
    assert_eq!(failing.records_of(WORKER), calls);
    sources.set_enabled(WORKER, true).unwrap();
    eventually("the batch was retried", || failing.records_of(WORKER) > calls).await;
}

#[tokio::test]
async fn a_function_without_a_source_cannot_be_switched() {
    let cloud = Cloud::start(stack_with_queue_source()).await;
    let sources = cloud.feed(&Worker::content());
    let refusal = sources.set_enabled(OTHER, false).unwrap_err();
    assert_eq!(refusal.to_string(), "the function OtherFunction has no event source");
}
