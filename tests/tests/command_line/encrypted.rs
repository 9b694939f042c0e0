//! The way to a deployed API, which is over TLS.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use tests::terrace::{Ran, command, ran};

const EMPTY: &str =
    "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 12\r\n\r\n{\"items\":[]}";

/// Answers one request with an empty list, and gives its head if the client trusted it.
fn server(identity: &CertifiedKey<rcgen::KeyPair>) -> (String, JoinHandle<Option<String>>) {
    let key = PrivateKeyDer::try_from(identity.signing_key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config =
        config.with_no_client_auth().with_single_cert(vec![identity.cert.der().clone()], key).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    let answered = thread::spawn(move || {
        let (socket, _) = listener.accept().unwrap();
        let connection = ServerConnection::new(Arc::new(config)).unwrap();
        let mut stream = StreamOwned::new(connection, socket);
        let mut head = [0; 4096];
        let length = stream.read(&mut head).ok()?;
        stream.write_all(EMPTY.as_bytes()).ok()?;
        Some(String::from_utf8_lossy(&head[..length]).into_owned())
    });
    (url, answered)
}

fn list(url: &str, roots: &str) -> Ran {
    let mut list = command();
    list.args(["--url", url, "--json", "tenants", "list"]).env("SSL_CERT_FILE", roots);
    list.envs([
        ("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
        ("AWS_REGION", "eu-west-1"),
    ]);
    ran(list, "")
}

#[test]
fn it_signs_over_tls_for_whom_the_machine_trusts_and_for_nobody_else() {
    let [known, other] =
        [(), ()].map(|()| generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap());
    let folder = tempfile::tempdir().unwrap();
    let roots = folder.path().join("roots.pem");
    std::fs::write(&roots, known.cert.pem()).unwrap();
    let roots = roots.to_str().unwrap();

    let (url, answered) = server(&known);
    assert_eq!(list(&url, roots).json(), serde_json::json!({ "items": [] }));
    let head = answered.join().unwrap().unwrap();
    assert!(head.contains("/eu-west-1/execute-api/aws4_request"), "{head}");

    let (url, answered) = server(&other);
    list(&url, roots).fails(3, &["certificate"]);
    assert_eq!(answered.join().unwrap(), None, "a stranger got the request");
}
