//! Requests that no HTTP client would send: bytes in path, query, Host and headers that are no URI and not ASCII.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use tests::World;

/// Sends these bytes on a connection of their own, and returns the status.
fn status_of(world: &World, request: &[u8]) -> u16 {
    let url = world.cloud().url();
    let mut connection = TcpStream::connect(url.strip_prefix("http://").unwrap()).unwrap();
    connection.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    connection.write_all(request).unwrap();
    let mut answer = Vec::new();
    connection.read_to_end(&mut answer).unwrap();
    let line = String::from_utf8_lossy(&answer);
    line.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_else(|| panic!("{line}"))
}

#[test]
fn raw_bytes_are_no_fault_of_a_function() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let hosts: [&[u8]; 6] = [b"a", b"[::", b"a b", b"%zz:99999", "zw\u{f6}lf".as_bytes(), b"\xff\xfe"];
    let notes: [&[u8]; 4] = [b"", "\u{2615}".as_bytes(), b"\xff\xfe", b"a\tb"];
    let targets: [&[u8]; 8] = [
        b"/me",
        b"/orders?customer=%zz",
        b"/orders?%ff=%",
        b"/orders?a=\"<>`{|}",
        b"/products/%FF",
        b"/products/caf%C3%A9%20%5B",
        b"/products/%25zz",
        b"//[::/products",
    ];
    for host in hosts {
        for note in notes {
            for target in targets {
                let token = format!("Bearer {}", tenant.token);
                let lines: [&[u8]; 4] = [
                    &[b"GET ", target, b" HTTP/1.1"].concat(),
                    &[b"Host: ", host].concat(),
                    &[b"X-Note: ", note].concat(),
                    &[b"Authorization: ", token.as_bytes()].concat(),
                ];
                let request = [&lines.join(&b"\r\n"[..])[..], b"\r\nConnection: close\r\n\r\n"].concat();
                let status = status_of(&world, &request);
                let shown = request.escape_ascii();
                assert!(status < 500, "{status}: {shown}");
                if target == b"/me" && host == b"a" {
                    assert_eq!(status, 200, "{shown}");
                }
            }
        }
    }
}
