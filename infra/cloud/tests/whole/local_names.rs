//! Requests for another name than this machine's, as DNS rebinding sends them, to every listener.

use cloud::Cloud;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::library::options;

/// Sends these lines on a connection of their own, and returns the answer's status and body.
async fn answer_to(url: &str, lines: &[&str]) -> (u16, String) {
    let mut connection = TcpStream::connect(url.strip_prefix("http://").unwrap()).await.unwrap();
    let request = format!("{}\r\nConnection: close\r\n\r\n", lines.join("\r\n"));
    connection.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{answer}"));
    (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn no_listener_answers_to_another_name() {
    let binaries = tempfile::tempdir().unwrap();
    let cloud = Cloud::start(options(binaries.path())).await.unwrap();
    for url in [cloud.url(), cloud.services_url(), cloud.console_url().unwrap().to_owned()] {
        let says = format!("Open {url}; this server answers local names alone.");
        let refused = match url == cloud.url() {
            true => (403, serde_json::json!({ "message": says }).to_string()),
            false => (403, says),
        };
        let requests: [&[&str]; 8] = [
            &["GET / HTTP/1.1", "Host: evil.example"],
            &["GET /state HTTP/1.1", "Host: evil.example"],
            &["GET /me HTTP/1.1", "Host: evil.example"],
            &["GET /nothing HTTP/1.1", "Host: evil.example"],
            &["DELETE / HTTP/1.1", "Host: evil.example"],
            &["GET / HTTP/1.0"],
            &["GET / HTTP/1.1", "Host: localhost", "Host: localhost"],
            &["GET http://evil.example/ HTTP/1.1", "Host: localhost"],
        ];
        for request in requests {
            assert_eq!(answer_to(&url, request).await, refused, "{url}: {request:?}");
        }
        for name in ["127.0.0.1", "localhost", "LOCALHOST", "[::1]"] {
            let (status, body) = answer_to(&url, &["GET / HTTP/1.1", &format!("Host: {name}")]).await;
            assert_ne!(status, 403, "{url} as {name}: {body}");
        }
    }
    cloud.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preflight_from_another_name_gets_no_leave() {
    let binaries = tempfile::tempdir().unwrap();
    let cloud = Cloud::start(options(binaries.path())).await.unwrap();
    let preflight = [
        "OPTIONS /me HTTP/1.1",
        "Host: evil.example",
        "Origin: http://evil.example",
        "Access-Control-Request-Method: GET",
    ];
    assert_eq!(answer_to(&cloud.url(), &preflight).await.0, 403);
    cloud.stop().await;
}
