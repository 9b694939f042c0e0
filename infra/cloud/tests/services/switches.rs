//! Event sources that are switched off and on.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use cloud::invoke::{Invoke, InvokeError};
use futures::future::BoxFuture;

use crate::held::Held;
use crate::stack::{stack_with_queue_source, stack_with_stream_source};
use crate::support::{Cloud, Worker, eventually};

const WORKER: &str = "WorkerFunction";

/// Functions that always fail, and the names of those that were called.
#[derive(Default)]
struct Failing(Mutex<Vec<String>>);

impl Failing {
    fn calls_of(&self, function: &str) -> usize {
        self.0.lock().unwrap().iter().filter(|called| *called == function).count()
    }
}

impl Invoke for Failing {
    fn invoke<'a>(&'a self, function: &'a str, _event: Bytes) -> BoxFuture<'a, Result<Bytes, InvokeError>> {
        self.0.lock().unwrap().push(function.to_owned());
        Box::pin(async { Err(InvokeError::Function("it always fails".into())) })
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
    let cloud = Cloud::start(stack_with_stream_source()).await;
    let worker = Worker::content();
    let sources = cloud.feed(&worker);
    cloud.put("before", "e#1").await;
    eventually("the first record came", || worker.records().len() == 1).await;

    sources.set_enabled(WORKER, false).unwrap();
    for number in 0..10 {
        cloud.put(&number.to_string(), "e#1").await;
    }
    assert_eq!(worker.records().len(), 1);
    sources.set_enabled(WORKER, true).unwrap();
    eventually("the others came", || worker.records().len() == 11).await;
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
    stack.queue_sources[0].function = "OtherFunction".into();
    let cloud = Cloud::start(stack).await;
    // Longer than the pause before the first retry of a stream.
    cloud.services.override_visibility_timeout(Duration::from_millis(400));
    let failing = Arc::new(Failing::default());
    let sources = cloud.feed(&failing);
    cloud.put("a", "e#1").await;
    eventually("the batch failed", || failing.calls_of(WORKER) > 0).await;

    sources.set_enabled(WORKER, false).unwrap();
    let calls = failing.calls_of(WORKER);
    cloud.send("Work", "a").await;
    eventually("the other function was called again", || failing.calls_of("OtherFunction") == 2).await;
    assert_eq!(failing.calls_of(WORKER), calls);
    sources.set_enabled(WORKER, true).unwrap();
    eventually("the batch was retried", || failing.calls_of(WORKER) > calls).await;
}

#[tokio::test]
async fn a_function_without_a_source_cannot_be_switched() {
    let cloud = Cloud::start(stack_with_queue_source()).await;
    let sources = cloud.feed(&Worker::content());
    let refusal = sources.set_enabled("OtherFunction", false).unwrap_err();
    assert_eq!(refusal.to_string(), "the function OtherFunction has no event source");
}
