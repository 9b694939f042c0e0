use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::process::Command;
use std::sync::Arc;
use std::{env, thread};

use aws_sdk_sqs::config::retry::RetryConfig;
use aws_sdk_sqs::config::{BehaviorVersion, Credentials, Region};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, Issuer, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, Stream};

use super::*;

const SERVER: &str = "SERVER_OF_THE_TEST";

fn authority() -> CertifiedIssuer<'static, KeyPair> {
    let mut parameters = CertificateParams::default();
    parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    parameters.distinguished_name.push(DnType::CommonName, "An authority that is not of AWS");
    CertifiedIssuer::self_signed(parameters, KeyPair::generate().unwrap()).unwrap()
}

/// A server of one answer, whose certificate the authority has signed.
fn serve_once(authority: &Issuer<'_, KeyPair>) -> SocketAddr {
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(["127.0.0.1".to_owned()]).unwrap();
    let certificate = certificate.signed_by(&key, authority).unwrap();
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = config.with_no_client_auth().with_single_cert(vec![certificate.into()], key).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        let (mut connection, _) = listener.accept().unwrap();
        let mut tls = ServerConnection::new(Arc::new(config)).unwrap();
        let mut stream = Stream::new(&mut tls, &mut connection);
        // A client that refuses the certificate sends no request.
        if stream.read(&mut [0; 1 << 14]).is_ok_and(|length| length > 0) {
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}").unwrap();
        }
    });
    address
}

/// Calls the server as a client that trusts these roots.
async fn call(server: SocketAddr, roots: &[u8]) -> Result<(), String> {
    let config = aws_sdk_sqs::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static("eu-west-1"))
        .credentials_provider(Credentials::new("id", "secret", None, None, "test"))
        .retry_config(RetryConfig::disabled())
        .endpoint_url(format!("https://{server}"))
        .http_client(connections_trusting(roots).unwrap())
        .build();
    let answer = aws_sdk_sqs::Client::from_conf(config).list_queues().send().await;
    answer.map(drop).map_err(|error| format!("{error:?}"))
}

#[test]
fn five_roots_of_aws_are_compiled_in() {
    assert_eq!(certificates(AWS_ROOTS).unwrap(), 5);
}

#[tokio::test]
async fn a_server_is_trusted_by_the_given_roots_alone() {
    let authority = authority();
    let refused = call(serve_once(&authority), AWS_ROOTS).await.unwrap_err();
    assert!(refused.contains("UnknownIssuer"), "{refused}");
    call(serve_once(&authority), authority.pem().as_bytes()).await.unwrap();
}

/// A process reads its machine's roots once, and by variables of its environment.
#[test]
fn a_server_that_the_machine_trusts_is_refused() {
    let authority = authority();
    let directory = tempfile::tempdir().unwrap();
    let roots = directory.path().join("roots.pem");
    fs::write(&roots, authority.pem()).unwrap();
    let test = "aws::connections::tests::on_a_machine_that_trusts_the_server";
    let child = Command::new(env::current_exe().unwrap())
        .args([test, "--exact", "--ignored"])
        .env(ROOTS_FILE, &roots)
        .env(SERVER, serve_once(&authority).to_string())
        .output()
        .unwrap();
    let output = String::from_utf8_lossy(&child.stdout);
    assert!(output.contains("1 passed"), "{output}");
}

#[tokio::test]
#[ignore = "a_server_that_the_machine_trusts_is_refused runs it"]
async fn on_a_machine_that_trusts_the_server() {
    let server = env::var(SERVER).unwrap().parse().unwrap();
    let refused = call(server, AWS_ROOTS).await.unwrap_err();
    assert!(refused.contains("UnknownIssuer"), "{refused}");
}

#[test]
fn a_file_of_roots_is_refused_unless_it_holds_whole_certificates() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("roots.pem").to_str().unwrap().to_owned();
    let prefix = format!("the environment variable SSL_CERT_FILE is wrong: {path}: ");
    let read = || roots_in(&path).map_err(|error| error.to_string());
    assert!(read().unwrap_err().starts_with(&prefix), "it is missing");
    let whole = authority().pem();
    fs::write(&path, &whole).unwrap();
    assert_eq!(read().unwrap(), whole.as_bytes());
    let block =
        |content: &str| format!("-----BEGIN CERTIFICATE-----\n{content}\n-----END CERTIFICATE-----\n");
    let cut = whole.split_at(whole.len() / 2).0;
    let not_base64 = whole.clone() + &block("*");
    let no_certificate = whole.clone() + &block("AAAA");
    for broken in ["", "no certificate", cut, &not_base64, &no_certificate] {
        fs::write(&path, broken).unwrap();
        let refused = read().unwrap_err();
        assert!(refused.starts_with(&prefix), "{broken}: {refused}");
    }
}
