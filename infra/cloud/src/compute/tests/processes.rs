use super::*;

#[tokio::test]
async fn a_first_call_starts_a_process_and_the_next_reuses_it() {
    let fixture = Fixture::new(|_| ()).await;
    assert_eq!(fixture.pid().await, fixture.pid().await);
    let stats = fixture.pool.stats()["GetMeFunction"];
    assert_eq!((stats.invocations, stats.errors, stats.cold_starts, stats.processes), (2, 0, 1, 1));
    assert!(stats.duration > Duration::ZERO);
}

#[tokio::test]
async fn a_process_sees_what_lambda_would_give_it_and_nothing_else() {
    let fixture = Fixture::new(|_| ()).await;
    let seen = fixture.invoke(json!({"do": "environment"})).await.unwrap();
    let environment = seen["environment"].as_object().unwrap();
    assert_eq!(environment["AWS_LAMBDA_FUNCTION_NAME"], "terrace-GetMeFunction");
    assert_eq!(environment["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"], "256");
    assert_eq!(environment["AWS_REGION"], "eu-west-1");
    assert_eq!(
        environment["AWS_SESSION_TOKEN"],
        "token of arn:aws:iam::123456789012:role/terrace-GetMeFunctionRole"
    );
    assert_eq!(environment["AWS_ENDPOINT_URL_DYNAMODB"], "http://127.0.0.1:4566");
    assert_eq!(environment["TENANT_TABLE"], "terrace-TenantTable");
    let ours = |name: &&String| {
        !name.starts_with("AWS_") && !["TENANT_TABLE", "RUST_BACKTRACE", "LC_CTYPE"].contains(&name.as_str())
    };
    assert_eq!(environment.keys().filter(ours).collect::<Vec<_>>(), Vec::<&String>::new());

    let headers = &seen["headers"];
    assert_eq!(headers["lambda-runtime-invoked-function-arn"], function().arn);
    assert!(
        headers["lambda-runtime-deadline-ms"].as_str().unwrap().parse::<u64>().unwrap() > 1_600_000_000_000
    );
    assert!(headers["lambda-runtime-trace-id"].as_str().unwrap().starts_with("Root=1-"));
}

#[tokio::test]
async fn calls_side_by_side_get_a_process_each() {
    let fixture = Fixture::new(|_| ()).await;
    let (one, two) = (fixture.hold(), fixture.hold());
    fixture.until_held(2).await;
    fixture.release();
    assert_ne!(one.await.unwrap().unwrap()["pid"], two.await.unwrap().unwrap()["pid"]);
    assert_eq!(fixture.pool.stats()["GetMeFunction"].cold_starts, 2);
}

#[tokio::test]
async fn an_error_document_is_handed_on_and_the_process_lives() {
    let fixture = Fixture::new(|_| ()).await;
    let pid = fixture.pid().await;
    let error = fixture.invoke(json!({"do": "fail"})).await.unwrap_err();
    let InvokeError::Function(document) = error else { panic!("{error}") };
    assert_eq!(serde_json::from_str::<Value>(&document).unwrap()["errorMessage"], "Unauthorized");
    assert_eq!(fixture.pid().await, pid);
    assert_eq!(fixture.pool.stats()["GetMeFunction"].errors, 1);
}

#[tokio::test]
async fn a_call_out_of_time_ends_its_process() {
    let fixture = Fixture::new(|function| function.timeout = Duration::from_secs(1)).await;
    let pid = fixture.pid().await;
    assert_eq!(fixture.invoke(json!({"do": "sleep"})).await, Err(InvokeError::TimedOut));
    eventually(|| !is_alive(pid)).await;
    assert_ne!(fixture.pid().await, pid);
}

#[tokio::test]
async fn a_crash_fails_its_call_alone() {
    let fixture = Fixture::new(|_| ()).await;
    let pid = fixture.pid().await;
    let error = fixture.invoke(json!({"do": "crash"})).await.unwrap_err();
    assert!(
        matches!(&error, InvokeError::Function(document) if document.contains("Runtime.ExitError")),
        "{error}"
    );
    assert_ne!(fixture.pid().await, pid);
}

#[tokio::test]
async fn a_process_that_ended_while_idle_fails_no_call() {
    let fixture = Fixture::new(|_| ()).await;
    for _ in 0..5 {
        fixture.invoke(json!({"do": "leave"})).await.unwrap();
        fixture.pid().await;
    }
}

#[tokio::test]
async fn a_process_that_refuses_to_start_says_why() {
    let fixture = Fixture::new(|function| {
        function.environment.insert("REFUSE".into(), "1".into());
    })
    .await;
    let error = fixture.invoke(json!({"do": "answer"})).await.unwrap_err();
    let InvokeError::Unavailable(why) = error else { panic!("{error}") };
    assert!(why.contains("exit status: 3") && why.contains("the table's name is missing"), "{why}");
}

#[tokio::test]
async fn a_missing_binary_is_named_with_the_command_that_makes_it() {
    let fixture = Fixture::new(|function| function.binary = "not_built".into()).await;
    let error = fixture.invoke(json!({"do": "answer"})).await.unwrap_err();
    let InvokeError::Unavailable(why) = error else { panic!("{error}") };
    assert!(why.contains("/not_built") && why.contains("cargo build"), "{why}");
}

#[tokio::test]
async fn a_replaced_binary_replaces_its_processes() {
    let fixture = Fixture::new(|_| ()).await;
    let pid = fixture.pid().await;
    let held = fixture.hold();
    fixture.until_held(1).await;
    write_bootstrap(&fixture.directory.path().join("get_me"), "second");
    let answer = fixture.invoke(json!({"do": "answer"})).await.unwrap();
    assert_eq!(answer["version"], "second");
    assert!(is_alive(pid), "a busy process finishes its call");
    fixture.release();
    assert_eq!(held.await.unwrap().unwrap()["version"], "one");
    fixture.pid().await;
    eventually(|| !is_alive(pid)).await;
}
