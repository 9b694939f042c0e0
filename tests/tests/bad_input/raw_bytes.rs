//! Requests that no HTTP client would send: bytes in path, query and headers that are no URI and not ASCII.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use tests::World;

/// Sends these lines on a connection of their own, and returns the status.
fn status_of(world: &World, lines: &[&[u8]]) -> u16 {
    let url = world.cloud().url();
    let mut connection = TcpStream::connect(url.strip_prefix("http://").unwrap()).unwrap();
    connection.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let request = [&lines.join(&b"\r\n"[..])[..], b"\r\nConnection: close\r\n\r\n"].concat();
    connection.write_all(&request).unwrap();
    let mut answer = Vec::new();
    connection.read_to_end(&mut answer).unwrap();
    let line = String::from_utf8_lossy(&answer);
    line.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_else(|| panic!("{line}"))
}

#[test]
fn raw_bytes_are_no_fault_of_a_function() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let authorization = format!("Authorization: Bearer {}", tenant.token);
    let names: [&[u8]; 5] = [b"X-Note", b"User-Agent", b"Cookie", b"X-Forwarded-For", b"Origin"];
    let values: [&[u8]; 7] =
        [b"", "\u{2615}".as_bytes(), b"\xff\xfe", b"a\tb", b"[::", b"%zz:99999", "zw\u{f6}lf".as_bytes()];
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
    for name in names {
        for value in values {
            for target in targets {
                let header = [name, b": ", value].concat();
                let line = [b"GET ", target, b" HTTP/1.1"].concat();
                let lines = [&line[..], b"Host: localhost", &header, authorization.as_bytes()];
                let (status, shown) = (status_of(&world, &lines), lines.join(&b"\n"[..]));
                assert!(status < 500, "{status}: {}", shown.escape_ascii());
                if target == b"/me" {
                    assert_eq!(status, 200, "{}", shown.escape_ascii());
                }
            }
        }
    }
}

#[test]
fn another_host_reaches_no_function() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let authorization = format!("Authorization: Bearer {}", tenant.token);
    let hosts: [&[u8]; 6] = [b"a", b"[::", b"a b", b"%zz:99999", "zw\u{f6}lf".as_bytes(), b"\xff\xfe"];
    let status = |host: &[u8]| {
        let host = [b"Host: ", host].concat();
        status_of(&world, &[b"GET /me HTTP/1.1", &host, authorization.as_bytes()])
    };
    assert_eq!(status(b"localhost"), 200);
    for host in hosts {
        assert_eq!(status(host), 403, "{}", host.escape_ascii());
    }
}
