use std::path::Path;
use std::time::Instant;

use cloud::{Authorization, Backend, Cloud, Options, StartError, Storage};

use super::*;

pub(crate) fn options(binaries: &Path) -> Options {
    Options {
        template: template(),
        parameters: parameters(),
        storage: Storage::Memory,
        authorization: Authorization::Decided,
        backend: Backend::Binaries { directory: binaries.to_owned() },
        credentials_file: None,
        gateway_port: 0,
        api_ports: BTreeMap::new(),
        services_port: 0,
        console_port: Some(0),
    }
}

async fn refusal(options: Options) -> StartError {
    match Cloud::start(options).await {
        Err(error) => error,
        Ok(_) => panic!("the cloud starts"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_real_template_runs_and_answers() {
    let binaries = tempfile::tempdir().unwrap();
    let began = Instant::now();
    let cloud = Cloud::start(options(binaries.path())).await.unwrap();
    println!("ready after {:?}", began.elapsed());

    let unauthorized = (StatusCode::UNAUTHORIZED, r#"{"message":"Unauthorized"}"#.to_owned());
    assert_eq!(get(&format!("{}/me", cloud.url()), &[]).await, unauthorized);
    let unknown = (StatusCode::NOT_FOUND, r#"{"message":"Not Found"}"#.to_owned());
    assert_eq!(get(&format!("{}/nothing", cloud.url()), &[]).await, unknown);
    let (status, _) = get(&format!("{}/health", cloud.url()), &[]).await;
    assert!(status.is_server_error(), "{status}");
    assert!(cloud.mailbox().is_empty());
    cloud.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_console_shows_what_happened() {
    let binaries = tempfile::tempdir().unwrap();
    let cloud = Cloud::start(options(binaries.path())).await.unwrap();
    get(&format!("{}/health", cloud.url()), &[]).await;

    let console = cloud.console_url().unwrap();
    let (status, page) = get(&format!("{console}/"), &[]).await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("<table id=\"functions\">"), "{page}");
    // The HTML of mails runs no script and reaches nothing of the page.
    assert!(page.contains("setAttribute('sandbox', '')") && !page.contains("innerHTML"), "{page}");
    let (_, state) = get(&format!("{console}/state"), &[]).await;
    let state = json(&state);
    let health = state["functions"]
        .as_array()
        .unwrap()
        .iter()
        .find(|function| function["id"] == "GetHealthFunction")
        .unwrap();
    assert_eq!((&health["invocations"], &health["errors"]), (&1.into(), &1.into()));
    let queues = state["queues"].as_array().unwrap();
    let dead = |queue: &&Value| queue["deadLetters"] == true;
    assert_eq!(
        queues.iter().filter(dead).count(),
        cloud.stack().queues.iter().filter(|queue| queue.redrive.is_some()).count()
    );
    let routes: usize = cloud.stack().apis.iter().map(|api| api.routes.len()).sum();
    assert_eq!(state["routes"].as_array().unwrap().len(), routes);

    cloud.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_taken_port_is_named_with_the_variable_that_changes_it() {
    let binaries = tempfile::tempdir().unwrap();
    let holder = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = holder.local_addr().unwrap().port();
    for (taken, variable) in [
        (Options { gateway_port: port, ..options(binaries.path()) }, "TERRACE_PORT"),
        (Options { services_port: port, ..options(binaries.path()) }, "TERRACE_AWS_PORT"),
        (Options { console_port: Some(port), ..options(binaries.path()) }, "TERRACE_CONSOLE_PORT"),
    ] {
        let message = refusal(taken).await.to_string();
        assert_eq!(message, format!("port {port} on 127.0.0.1 is taken; set {variable} to a free one"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_template_is_refused_whole() {
    let binaries = tempfile::tempdir().unwrap();
    let message =
        refusal(Options { parameters: BTreeMap::new(), ..options(binaries.path()) }).await.to_string();
    assert!(message.contains("SignInConcurrency: the parameter has no value"), "{message}");
    assert!(message.contains("MailSender: the parameter has no value"), "{message}");
}
