//! Requests that two servers would read in two ways. What hides behind a request is not answered.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use tests::World;

use super::assert_no_function_failed;

/// The statuses of all answers to these bytes and to a last request for nothing, after which the server closes. What is
/// not answered by then will not be.
fn statuses(world: &World, request: &str) -> Vec<u16> {
    let url = world.cloud().url();
    let mut connection = TcpStream::connect(url.strip_prefix("http://").unwrap()).unwrap();
    connection.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    let last = "GET /nothing HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    // The server may close before it has read everything.
    let _ = connection.write_all(format!("{request}{last}").as_bytes());
    let mut answer = Vec::new();
    let _ = connection.read_to_end(&mut answer);
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let lines = answer.split("HTTP/1.").skip(1);
    lines.filter_map(|line| line.split(' ').nth(1)?.parse().ok()).collect()
}

/// A request that would be answered with 200.
fn hidden(token: &str) -> String {
    format!("GET /me HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n")
}

#[test]
fn a_request_that_hides_another_is_answered_once_at_most() {
    let world = World::start();
    let token = world.tenant("acme").token;
    let hidden = hidden(&token);
    assert_eq!(statuses(&world, &format!("{hidden}{hidden}")), [200, 200, 404], "two requests are two");
    let length = hidden.len();
    let chunk = format!("{length:x}\r\n{hidden}\r\n0\r\n\r\n");
    let post = |headers: &str, body: &str| {
        format!(
            "POST /sessions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{headers}\r\n\r\n{body}"
        )
    };
    let end = format!("0\r\n\r\n{hidden}");
    let whole = end.len();
    assert_eq!(
        statuses(&world, &post("Transfer-Encoding: chunked", &end)),
        [400, 200, 404],
        "chunks have an end"
    );
    assert_eq!(statuses(&world, &post("Content-Length: 0", &hidden)), [400, 200, 404], "a length is one");
    for (what, request) in [
        ("CL.TE", post(&format!("Content-Length: {whole}\r\nTransfer-Encoding: chunked"), &end)),
        ("TE.CL", post(&format!("Transfer-Encoding: chunked\r\nContent-Length: {whole}"), &end)),
        ("CL.TE, a length of nothing", post("Content-Length: 0\r\nTransfer-Encoding: chunked", &end)),
        ("TE.CL, in a chunk", post("Content-Length: 4\r\nTransfer-Encoding: chunked", &chunk)),
        ("two lengths", post(&format!("Content-Length: 0\r\nContent-Length: {length}"), &hidden)),
        ("two lengths, turned", post(&format!("Content-Length: {length}\r\nContent-Length: 0"), &hidden)),
        ("a list of lengths", post(&format!("Content-Length: 0, {length}"), &hidden)),
        ("a signed length", post("Content-Length: +0", &hidden)),
        ("a length in hexadecimal", post("Content-Length: 0x0", &hidden)),
        ("a length with a space before the colon", post("Content-Length : 0", &hidden)),
        ("a folded header", post("Content-Length: 0\r\n 1", &hidden)),
        ("a folded encoding", post("Transfer-Encoding:\r\n chunked", &end)),
        ("an encoding with a space before the colon", post("Transfer-Encoding : chunked", &end)),
        ("another encoding", post("Transfer-Encoding: xchunked", &end)),
        ("an encoding around chunks", post("Transfer-Encoding: chunked, identity", &end)),
        ("two encodings", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", &end)),
        ("a chunk of a negative length", post("Transfer-Encoding: chunked", &format!("-1\r\n{hidden}"))),
        (
            "a chunk longer than any",
            post("Transfer-Encoding: chunked", &format!("ffffffffffffffff1\r\n{hidden}")),
        ),
        ("a null byte in a header", post("X-Note: a\0b", &hidden)),
        ("a line feed in a header's name", post("X-No\nte: a", &hidden)),
        ("a carriage return in a value", post("X-Note: a\rb", &hidden)),
        (
            "two hosts",
            format!(
                "GET /me HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\nConnection: close\r\n\r\n{hidden}"
            ),
        ),
        ("an older version", format!("GET /me\r\n{hidden}")),
        ("a newer version", format!("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n{hidden}")),
    ] {
        let found = statuses(&world, &request);
        println!("{what}: {found:?}");
        assert!(
            found.len() <= 1 && found.iter().all(|status| (400..500).contains(status)),
            "{what}: {found:?}"
        );
    }
    assert_no_function_failed(&world);
    assert_eq!(statuses(&world, &hidden), [200, 404]);
}
