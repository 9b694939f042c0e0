//! Requests that no HTTP client would send: bytes in path, query and headers that are no URI and not ASCII.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

const NAMES: [&[u8]; 5] = [b"X-Note", b"User-Agent", b"Cookie", b"X-Forwarded-For", b"Origin"];
const VALUES: [&[u8]; 7] =
    [b"", "\u{2615}".as_bytes(), b"\xff\xfe", b"a\tb", b"[::", b"%zz:99999", "zw\u{f6}lf".as_bytes()];
pub const QUERIES: [&[u8]; 3] = [b"customer=%zz", b"%ff=%", b"a=\"<>`{|}"];
/// Of a path, in the place of an id.
pub const SEGMENTS: [&[u8]; 3] = [b"%FF", b"caf%C3%A9%20%5B", b"%25zz"];
pub const HOSTS: [&[u8]; 6] = [b"a", b"[::", b"a b", b"%zz:99999", "zw\u{f6}lf".as_bytes(), b"\xff\xfe"];

/// `before` with each of `behind` added to it.
pub fn targets(before: &str, behind: &[&[u8]]) -> Vec<Vec<u8>> {
    behind.iter().map(|rest| [before.as_bytes(), rest].concat()).collect()
}

/// Sends these lines on a connection of their own, and returns the status.
pub fn status_of(url: &str, lines: &[&[u8]]) -> u16 {
    let address = url.strip_prefix("http://").expect("the local cloud speaks HTTP");
    let mut connection = TcpStream::connect(address).expect("the gateway accepts connections");
    connection.set_read_timeout(Some(Duration::from_secs(30))).expect("a time-out can be set");
    let request = [&lines.join(&b"\r\n"[..])[..], b"\r\nConnection: close\r\n\r\n"].concat();
    connection.write_all(&request).expect("the gateway reads the request");
    let mut answer = Vec::new();
    connection.read_to_end(&mut answer).expect("the gateway answers in time");
    let line = String::from_utf8_lossy(&answer);
    line.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_else(|| panic!("{line}"))
}

/// Gets each target once for each name and value of a header. `check` sees target and status. A 5xx is a failure.
pub fn get_all(url: &str, token: &str, targets: &[Vec<u8>], check: impl Fn(&[u8], u16)) {
    let authorization = format!("Authorization: Bearer {token}");
    for name in NAMES {
        for value in VALUES {
            for target in targets {
                let header = [name, b": ", value].concat();
                let line = [b"GET ", &target[..], b" HTTP/1.1"].concat();
                let lines = [&line[..], b"Host: localhost", &header, authorization.as_bytes()];
                let status = status_of(url, &lines);
                assert!(status < 500, "{status}: {}", lines.join(&b"\n"[..]).escape_ascii());
                check(target, status);
            }
        }
    }
}
