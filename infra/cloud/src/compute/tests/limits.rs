use super::*;

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
