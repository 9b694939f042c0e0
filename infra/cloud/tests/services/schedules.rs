//! Functions that are called by the clock.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use cloud::invoke::{Invoke, InvokeError};
use cloud::model::{Schedule, Stack};
use cloud::storage::Storage;
use futures::future::BoxFuture;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::stack::stack;
use crate::support::{Cloud, eventually};

const MINUTE: Duration = Duration::from_secs(60);
const ARN: &str = "arn:aws:events:eu-west-1:123456789012:rule/terrace-WorkerFunctionTick";

fn schedule(expression: &str) -> Schedule {
    Schedule {
        logical_id: "WorkerFunctionTick".into(),
        arn: ARN.into(),
        function: "WorkerFunction".into(),
        expression: expression.into(),
        enabled: true,
        input: None,
    }
}

fn scheduled(schedule: Schedule) -> Stack {
    Stack { schedules: vec![schedule], ..stack() }
}

/// Fails at first, as the test says.
#[derive(Default)]
struct Job {
    failures: Mutex<Vec<InvokeError>>,
    events: Mutex<Vec<Value>>,
}

impl Job {
    fn failing(failures: Vec<InvokeError>) -> Arc<Job> {
        Arc::new(Job { failures: Mutex::new(failures), ..Job::default() })
    }

    fn events(&self) -> Vec<Value> {
        self.events.lock().unwrap().clone()
    }

    fn runs(&self) -> usize {
        self.events.lock().unwrap().len()
    }
}

impl Invoke for Job {
    fn invoke<'a>(&'a self, function: &'a str, event: Bytes) -> BoxFuture<'a, Result<Bytes, InvokeError>> {
        assert_eq!(function, "WorkerFunction");
        self.events.lock().unwrap().push(serde_json::from_slice(&event).unwrap());
        let failure = self.failures.lock().unwrap().pop();
        Box::pin(async { failure.map_or(Ok(Bytes::from_static(b"null")), Err) })
    }
}

async fn until_run(job: &Job, runs: usize) {
    eventually("the schedule has run", || job.runs() >= runs).await;
}

impl Job {
    /// The times at which its runs were due.
    fn times(&self) -> Vec<Timestamp> {
        self.events().iter().map(|event| event["time"].as_str().unwrap().parse().unwrap()).collect()
    }
}

/// To the second, as events have it.
fn now() -> Timestamp {
    Timestamp::from_second(Timestamp::now().as_second()).unwrap()
}

#[tokio::test]
async fn a_function_is_called_at_its_times_with_eventbridge_s_event() {
    let cloud = Cloud::start(scheduled(schedule("rate(1 minute)"))).await;
    let began = now();
    let job = Arc::new(Job::default());
    let _sources = cloud.feed(&job);
    for run in 1..=2 {
        cloud.services.advance_schedules(MINUTE);
        until_run(&job, run).await;
    }
    // Runs come one after the other, in the order of their times.
    assert!(job.times()[0] >= began + MINUTE, "nothing is due at the start: {:?}", job.times());
    let event = job.events().remove(0);
    assert_eq!((&event["source"], &event["detail-type"]), (&json!("aws.events"), &json!("Scheduled Event")));
    assert_eq!((&event["resources"], &event["detail"]), (&json!([ARN]), &json!({})));
    assert_eq!((&event["account"], &event["region"]), (&json!("123456789012"), &json!("eu-west-1")));
    assert!(event["time"].as_str().unwrap().parse::<Timestamp>().is_ok(), "{event}");
    assert_ne!(event["id"], job.events()[1]["id"]);
}

#[tokio::test]
async fn an_input_stands_in_place_of_the_event() {
    let cloud = Cloud::start(scheduled(Schedule {
        input: Some(r#"{"do":"it"}"#.into()),
        ..schedule("rate(1 minute)")
    }))
    .await;
    let job = Arc::new(Job::default());
    let _sources = cloud.feed(&job);
    cloud.services.advance_schedules(MINUTE);
    until_run(&job, 1).await;
    assert_eq!(job.events(), [json!({"do": "it"})]);
}

#[tokio::test]
async fn an_error_of_the_function_is_repeated_twice() {
    let error = || InvokeError::Function("not now".into());
    let full = || InvokeError::Throttled;
    let cloud = Cloud::start(scheduled(schedule("rate(1 minute)"))).await;
    let job = Job::failing(vec![error(), full(), error(), full(), error()]);
    let _sources = cloud.feed(&job);
    cloud.services.advance_schedules(MINUTE);
    until_run(&job, 5).await;
    let ids: Vec<Value> = job.events().iter().map(|event| event["id"].clone()).collect();
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    cloud.services.advance_schedules(MINUTE);
    until_run(&job, 6).await;
    let next = &job.events()[5]["id"];
    assert_ne!(
        *next, ids[0],
        "three errors end the run, and no lack of a process does: the next call is the next run's"
    );
}

#[tokio::test]
async fn of_the_times_that_were_missed_the_last_comes_after_a_restart() {
    let directory = tempfile::tempdir().unwrap();
    let storage = || Storage::Directory(directory.path().join("data"));
    let cloud = Cloud::start_in(scheduled(schedule("cron(0 * * * ? *)")), storage()).await;
    let job = Arc::new(Job::default());
    let sources = cloud.feed(&job);
    cloud.services.advance_schedules(60 * MINUTE);
    until_run(&job, 1).await;
    sources.stop().await;
    cloud.stop().await;

    let cloud = Cloud::start_in(scheduled(schedule("cron(0 * * * ? *)")), storage()).await;
    cloud.services.advance_schedules(5 * 60 * MINUTE);
    let _sources = cloud.feed(&job);
    until_run(&job, 2).await;
    let time = job.times()[1];
    let ahead = time.duration_since(Timestamp::now());
    assert!(
        ahead > jiff::SignedDuration::from_hours(4) && ahead <= jiff::SignedDuration::from_hours(5),
        "{time}"
    );
    cloud.services.advance_schedules(60 * MINUTE);
    until_run(&job, 3).await;
    assert_eq!(job.times()[2], time + 60 * MINUTE, "the run after it is the next hour's");
}

#[tokio::test]
async fn a_disabled_schedule_runs_when_it_is_switched_on_and_catches_up_with_nothing() {
    let cloud = Cloud::start(scheduled(Schedule { enabled: false, ..schedule("rate(1 minute)") })).await;
    let began = now();
    let job = Arc::new(Job::default());
    let sources = cloud.feed(&job);
    cloud.services.advance_schedules(10 * MINUTE);
    sources.set_enabled("WorkerFunction", true).unwrap();
    let runs = || {
        cloud.services.advance_schedules(MINUTE);
        job.runs() > 0
    };
    eventually("the schedule has run", runs).await;
    let first = job.times()[0];
    assert!(first >= began + 11 * MINUTE, "{first} passed while the schedule was off, from {began} on");
}
