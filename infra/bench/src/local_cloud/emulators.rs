//! How each emulator is started and called.

use std::fs;
use std::net::Ipv4Addr;
use std::path::Path;
use std::process::Command;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use client::Http;
use http::{Method, Request, header};
use http_body_util::Full;
use serde_json::{Value, json};
use tests::binaries::{forget_this_package, profile};
use tests::workspace;
use tokio::net::TcpSocket;

use super::{Emulator, FUNCTION, Running};
use crate::settings::Settings;
use crate::spawned::Spawned;
use crate::terrace::Terrace;

pub(super) fn emulators() -> [Emulator; 3] {
    let cargo_lambda_is = pinned("infra/requirements-build.txt", "cargo-lambda");
    let ministack_is = pinned("tests/bench/requirements.txt", "ministack");
    [
        Emulator {
            name: "`cloud`".to_owned(),
            call: "its HTTP API, with route, throttle and event",
            start: cloud,
        },
        Emulator {
            name: format!("`cargo lambda watch` {cargo_lambda_is}"),
            call: "its Invoke API; at the first call, cargo looks for changes",
            start: cargo_lambda,
        },
        Emulator { name: format!("ministack {ministack_is}"), call: "its Invoke API", start: ministack },
    ]
}

/// The version of a package that a file of requirements installs.
fn pinned(file: &str, package: &str) -> String {
    let text = fs::read_to_string(workspace::root().join(file)).expect("a file of requirements is readable");
    let mut lines = text.lines().filter_map(|line| line.strip_prefix(package)?.strip_prefix("=="));
    lines.next().unwrap_or_else(|| panic!("{file} pins no {package}")).trim().to_owned()
}

const PATH: &str = "/problems/not-found";
/// It takes any key, and needs one to know the service.
const CREDENTIAL: &str = "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/lambda/aws4_request, SignedHeaders=host, Signature=0";

fn cloud(settings: &Settings) -> Result<Running, String> {
    let Terrace { process, url, data, .. } = Terrace::start(settings);
    let call = Request::builder()
        .uri(PATH)
        .header(header::HOST, "127.0.0.1")
        .body(Full::default())
        .expect("the request is valid");
    Ok(Running::new(process, &url, call, Some(data)))
}

fn cargo_lambda(settings: &Settings) -> Result<Running, String> {
    let program = workspace::root().join(".venv/bin/cargo-lambda");
    let binaries = settings.binaries();
    // It takes no port 0. A socket that does not listen only finds one.
    let port = TcpSocket::new_v4()
        .and_then(|socket| {
            socket.bind((Ipv4Addr::LOCALHOST, 0).into())?;
            Ok(socket.local_addr()?.port())
        })
        .map_err(|error| error.to_string())?;
    let mut command = Command::new(program);
    command.current_dir(workspace::root());
    command.args(["lambda", "watch", "--ignore-changes", "--offline", "--profile", profile(&binaries)]);
    forget_this_package(&mut command);
    // It listens on all interfaces otherwise.
    command.args(["--invoke-address", "127.0.0.1", "--invoke-port", &port.to_string(), "--timeout", "60"]);
    if let Some(target) = binaries.parent() {
        command.env("CARGO_TARGET_DIR", target);
    }
    let process = Spawned::start(command, |line| line.contains("starting Runtime server"))?;
    Ok(Running::new(process, &format!("http://127.0.0.1:{port}"), invocation(), None))
}

fn ministack(settings: &Settings) -> Result<Running, String> {
    let folder = tempfile::tempdir().expect("a folder for the data can be made");
    let environment = workspace::root().join(".tools/ministack/bin");
    // It says on standard error that it is ready.
    let mut command = Command::new("sh");
    command.args(["-c", "exec \"$0\" 2>&1"]).arg(environment.join("ministack")).current_dir(folder.path());
    command.env("BIND_HOST", "127.0.0.1").env("GATEWAY_PORT", "0").env("PYTHONUNBUFFERED", "1");
    command.env("TMPDIR", folder.path()).env("S3_DATA_DIR", folder.path());
    let process = Spawned::start(command, |line| line.contains("Running on http://"))?;
    let line = process.printed.last().map_or("", String::as_str);
    let url = line.split_whitespace().find(|word| word.starts_with("http://")).unwrap_or_default().to_owned();
    let zip = zip(&environment.join("python"), &settings.binaries().join(FUNCTION), folder.path())?;
    let function = json!({
        "FunctionName": FUNCTION, "Runtime": "provided.al2023", "Handler": "bootstrap", "Timeout": 10,
        "MemorySize": 256, "Role": "arn:aws:iam::000000000000:role/any",
        "Code": { "ZipFile": BASE64_STANDARD.encode(zip) },
    });
    let running = Running::new(process, &url, invocation(), Some(folder));
    let lambda = Http::new(&url).with("authorization", CREDENTIAL);
    lambda.post("/2015-03-31/functions", &function).send().expect(201);
    Ok(running)
}

/// Packs the binary by Python's own module, as it is installed anyway.
fn zip(python: &Path, binary: &Path, folder: &Path) -> Result<Vec<u8>, String> {
    let (bootstrap, zip) = (folder.join("bootstrap"), folder.join("bootstrap.zip"));
    let packed = fs::copy(binary, &bootstrap).and_then(|_| {
        Command::new(python).args(["-m", "zipfile", "-c"]).arg(&zip).arg(&bootstrap).status()?;
        fs::read(&zip)
    });
    packed.map_err(|error| format!("the function cannot be packed: {error}"))
}

/// By Lambda's Invoke API, with the event of the request that `cloud` gets.
fn invocation() -> Request<Full<Bytes>> {
    Request::builder()
        .method(Method::POST)
        .uri(format!("/2015-03-31/functions/{FUNCTION}/invocations"))
        .header(header::HOST, "127.0.0.1")
        .header(header::AUTHORIZATION, CREDENTIAL)
        .header(header::CONTENT_TYPE, "application/json")
        .body(Full::new(event().to_string().into()))
        .expect("the request is valid")
}

fn event() -> Value {
    let route = "GET /problems/{type}";
    json!({
        "version": "2.0",
        "routeKey": route,
        "rawPath": PATH,
        "rawQueryString": "",
        "headers": { "host": "127.0.0.1" },
        "requestContext": {
            "accountId": "000000000000",
            "apiId": "api",
            "domainName": "127.0.0.1",
            "domainPrefix": "api",
            "http": {
                "method": "GET", "path": PATH, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1", "userAgent": "bench",
            },
            "requestId": "request",
            "routeKey": route,
            "stage": "$default",
            "time": "01/Jan/2026:00:00:00 +0000",
            "timeEpoch": 1_767_225_600_000_u64,
        },
        "pathParameters": { "type": "not-found" },
        "isBase64Encoded": false,
    })
}
