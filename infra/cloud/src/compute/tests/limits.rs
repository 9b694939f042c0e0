use std::sync::Mutex;

use tokio::sync::oneshot;

use super::*;
use crate::compute::dispatch::handed_late;

#[tokio::test]
async fn reserved_concurrency_refuses_the_call_too_many() {
    let fixture = Fixture::new(|function| function.reserved_concurrency = Some(1)).await;
    let held = fixture.hold();
    fixture.until_held(1).await;
    assert_eq!(fixture.invoke(json!({"do": "answer"})).await, Err(InvokeError::Throttled));
    fixture.release();
    held.await.unwrap().unwrap();
    fixture.pid().await;
}

#[tokio::test]
async fn at_the_ceiling_calls_wait_their_turn() {
    let limits = Limits { ceiling: 1, ..Limits::default() };
    let fixture = Fixture::with(limits, |_| ()).await;
    let (one, two) = (fixture.hold(), fixture.hold());
    fixture.until_held(1).await;
    fixture.release();
    assert_eq!(one.await.unwrap().unwrap()["pid"], two.await.unwrap().unwrap()["pid"]);
}

#[tokio::test]
async fn idle_processes_end() {
    let limits = Limits { idle: Duration::from_millis(100), ..Limits::default() };
    let fixture = Fixture::with(limits, |_| ()).await;
    let pid = fixture.pid().await;
    eventually(|| !is_alive(pid)).await;
    eventually(|| fixture.pool.stats()["GetMeFunction"].processes == 0).await;
}

#[tokio::test]
async fn an_answer_over_six_megabytes_is_an_error() {
    let fixture = Fixture::new(|_| ()).await;
    let error = fixture.invoke(json!({"do": "large"})).await.unwrap_err();
    assert!(
        matches!(&error, InvokeError::Function(document) if document.contains("ResponseSizeTooLarge")),
        "{error}"
    );
    fixture.pid().await;
}

#[tokio::test]
async fn a_caller_that_goes_away_does_not_end_the_call() {
    let fixture = Fixture::new(|_| ()).await;
    let held = fixture.hold();
    fixture.until_held(1).await;
    held.abort();
    fixture.release();
    eventually(|| fixture.pool.stats().get("GetMeFunction").is_some_and(|stats| stats.invocations == 1))
        .await;
    assert_eq!(fixture.pid().await, fixture.printed_pids()[0]);
}

#[tokio::test]
async fn beyond_enough_processes_calls_wait_in_their_order_for_one() {
    let limits = Limits { enough: 1, patience: PATIENCE, ..Limits::default() };
    let fixture = Fixture::with(limits, |_| ()).await;
    let held = fixture.hold();
    fixture.until_held(1).await;
    let finished = Arc::new(Mutex::new(Vec::new()));
    let call = |number: usize| {
        let (pool, finished) = (fixture.pool.clone(), Arc::clone(&finished));
        async move {
            let answer = invoke(&pool, json!({"do": "answer"})).await;
            finished.lock().unwrap().push(number);
            answer
        }
    };
    let calls = futures::future::join_all((0..4).map(call));
    let (answers, ()) = futures::join!(calls, async { fixture.release() });
    let pid = held.await.unwrap().unwrap()["pid"].clone();
    assert!(answers.iter().all(|answer| answer.as_ref().unwrap()["pid"] == pid));
    assert_eq!(*finished.lock().unwrap(), [0, 1, 2, 3]);
    assert_eq!(fixture.pool.stats()["GetMeFunction"].cold_starts, 1);
}

#[tokio::test]
async fn a_function_whose_processes_wait_themselves_gets_another_one() {
    let limits = Limits { enough: 1, patience: Duration::from_millis(10), ..Limits::default() };
    let fixture = Fixture::with(limits, |_| ()).await;
    let held = fixture.hold();
    fixture.until_held(1).await;
    let other = fixture.pid().await;
    assert_eq!(fixture.pid().await, other, "the call that has stopped waiting does not take it");
    fixture.release();
    let held = held.await.unwrap().unwrap()["pid"].as_u64().unwrap();
    assert_ne!(held, other);
    assert_eq!(fixture.pid().await, held);
}

#[test]
fn what_is_handed_over_when_the_patience_ends_is_taken_or_given_back() {
    let (hand_over, handed) = oneshot::channel();
    hand_over.send("process").unwrap();
    assert_eq!(handed_late(handed), Some("process"));
    let (hand_over, handed) = oneshot::channel();
    assert_eq!(handed_late(handed), None);
    assert_eq!(hand_over.send("process"), Err("process"));
}

#[tokio::test]
async fn a_call_that_waits_does_not_get_a_process_of_the_old_binary() {
    let limits = Limits { enough: 1, patience: Duration::from_millis(500), ..Limits::default() };
    let fixture = Fixture::with(limits, |_| ()).await;
    let held = fixture.hold();
    fixture.until_held(1).await;
    write_bootstrap(&fixture.directory.path().join("get_me"), "two");
    let (answer, ()) = futures::join!(fixture.invoke(json!({"do": "answer"})), async { fixture.release() });
    assert_eq!(answer.unwrap()["version"], "two");
    assert_eq!(held.await.unwrap().unwrap()["version"], "one");
}

#[tokio::test]
async fn a_binary_that_is_replaced_during_the_wait_is_noticed() {
    let limits = Limits { enough: 1, patience: PATIENCE, ..Limits::default() };
    let fixture = Fixture::with(limits, |_| ()).await;
    let held = fixture.hold();
    fixture.until_held(1).await;
    let replace = async {
        until_calls_wait().await;
        write_bootstrap(&fixture.directory.path().join("get_me"), "second");
        fixture.release();
    };
    let (answer, ()) = futures::join!(fixture.invoke(json!({"do": "answer"})), replace);
    assert_eq!(answer.unwrap()["version"], "second");
    assert_eq!(held.await.unwrap().unwrap()["version"], "one");
}

#[tokio::test]
async fn a_process_that_starts_after_the_wait_is_known_by_its_own_binary() {
    let limits = Limits { enough: 1, patience: Duration::from_millis(500), ..Limits::default() };
    let fixture = Fixture::with(limits, |_| ()).await;
    let held = fixture.hold();
    fixture.until_held(1).await;
    let replace = async {
        until_calls_wait().await;
        write_bootstrap(&fixture.directory.path().join("get_me"), "second");
    };
    let (pid, ()) = futures::join!(fixture.pid(), replace);
    assert_eq!(fixture.pid().await, pid);
    fixture.release();
    held.await.unwrap().unwrap();
}

/// The call runs as a task of its own, and has to get as far as its wait.
async fn until_calls_wait() {
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn calls_that_wait_for_a_process_end_with_the_pool() {
    let limits = Limits { enough: 1, patience: PATIENCE * 10, ..Limits::default() };
    let fixture = Fixture::with(limits, |_| ()).await;
    let held = fixture.hold();
    fixture.until_held(1).await;
    let stop = async {
        until_calls_wait().await;
        fixture.pool.stop().await;
    };
    let both = futures::future::join(fixture.invoke(json!({"do": "answer"})), stop);
    let (waits, ()) = tokio::time::timeout(PATIENCE, both).await.unwrap();
    assert!(matches!(waits, Err(InvokeError::Unavailable(_))), "{waits:?}");
    assert!(held.await.unwrap().is_err());
}
