//! Bytes that are no URI and not ASCII, through the gateway.

use tests::World;
use tests::raw_bytes::{HOSTS, QUERIES, SEGMENTS, get_all, status_of, targets};

#[test]
fn raw_bytes_are_no_fault_of_a_function() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let mut all = vec![b"/me".to_vec(), b"//[::/products".to_vec()];
    all.extend(targets("/orders?", &QUERIES));
    all.extend(targets("/products/", &SEGMENTS));
    get_all(&world.cloud().url(), &tenant.token, &all, |target, status| {
        assert!(target != b"/me" || status == 200, "{status}");
    });
}

#[test]
fn another_host_reaches_no_function() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let authorization = format!("Authorization: Bearer {}", tenant.token);
    let status = |host: &[u8]| {
        let host = [b"Host: ", host].concat();
        status_of(&world.cloud().url(), &[b"GET /me HTTP/1.1", &host, authorization.as_bytes()])
    };
    assert_eq!(status(b"localhost"), 200);
    for host in HOSTS {
        assert_eq!(status(host), 403, "{}", host.escape_ascii());
    }
}
