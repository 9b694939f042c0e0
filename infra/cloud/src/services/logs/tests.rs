//! Lines that functions get, without the processes that print them.

use std::fs;
use std::io::Read;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::AtomicUsize;
use std::time::Instant;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use flate2::read::GzDecoder;
use futures::future::BoxFuture;
use serde_json::Value;

use super::*;
use crate::invoke::{Invoke, InvokeError};
use crate::services::{Authorization, EventSources, Services};
use crate::storage::Storage;

const TEMPLATE: &str = "
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: provided.al2023, Handler: bootstrap, LoggingConfig: {LogGroup: !Ref Lines}}}
Resources:
  Lines: {Type: AWS::Logs::LogGroup}
  OtherLines: {Type: AWS::Logs::LogGroup}
  SpeakFunction: {Type: AWS::Serverless::Function, Properties: {CodeUri: target/lambda/speak/bootstrap.zip}}
  SingFunction: {Type: AWS::Serverless::Function, Properties: {CodeUri: target/lambda/sing/bootstrap.zip}}
  MeterFunction:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: target/lambda/meter/bootstrap.zip, LoggingConfig: {LogGroup: !Ref OtherLines}}
  Usage:
    Type: AWS::Logs::SubscriptionFilter
    Properties:
      LogGroupName: !Ref Lines
      FilterName: usage
      FilterPattern: '{ $.kind = \"usage\" }'
      DestinationArn: !GetAtt MeterFunction.Arn
  MayCall:
    Type: AWS::Lambda::Permission
    Properties:
      Action: lambda:InvokeFunction
      FunctionName: !Ref MeterFunction
      Principal: logs.amazonaws.com
      SourceArn: !GetAtt Lines.Arn
";

fn usage(n: usize) -> String {
    format!("{{\"kind\":\"usage\",\"n\":{n}}}")
}

/// Another function that gets the same lines.
const SECOND: &str = "  SecondFunction:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: target/lambda/second/bootstrap.zip, LoggingConfig: {LogGroup: !Ref OtherLines}}
  SecondUsage:
    Type: AWS::Logs::SubscriptionFilter
    Properties:
      LogGroupName: !Ref Lines
      FilterName: second
      FilterPattern: '{ $.kind = \"usage\" }'
      DestinationArn: !GetAtt SecondFunction.Arn
  MayCallSecond:
    Type: AWS::Lambda::Permission
    Properties:
      Action: lambda:InvokeFunction
      FunctionName: !Ref SecondFunction
      Principal: logs.amazonaws.com
      SourceArn: !GetAtt Lines.Arn
";

async fn open(storage: &Storage) -> Arc<Services> {
    open_template(TEMPLATE, storage).await
}

async fn open_template(template: &str, storage: &Storage) -> Arc<Services> {
    let stack = crate::template::parse(template, "template.yaml", "shop", &BTreeMap::new());
    let stack = stack.unwrap_or_else(|refusals| panic!("{refusals}"));
    Services::open(Arc::new(stack), storage, Authorization::Open).await.unwrap()
}

fn tap(services: &Services, function: &str) -> Option<LogTap> {
    let function = services.stack.functions.iter().find(|known| known.logical_id == function).unwrap();
    services.log_tap(function)
}

async fn print(services: &Services, function: &str, lines: &[String]) {
    tap(services, function).unwrap().keep(lines.to_vec()).await;
}

/// Reads what it gets, and fails at first as often as the test says.
#[derive(Default)]
struct Meter {
    failures: AtomicUsize,
    events: Mutex<Vec<Value>>,
}

impl Meter {
    fn feed(self: &Arc<Self>, services: &Arc<Services>) -> EventSources {
        services.start_event_sources(Arc::clone(self) as Arc<dyn Invoke>)
    }

    fn events(&self) -> Vec<Value> {
        self.events.lock().unwrap().clone()
    }

    fn log_events(&self) -> Vec<Value> {
        self.events().iter().flat_map(|event| event["logEvents"].as_array().unwrap().clone()).collect()
    }
}

impl Invoke for Meter {
    fn invoke<'a>(&'a self, function: &'a str, event: Bytes) -> BoxFuture<'a, Result<Bytes, InvokeError>> {
        assert_eq!(function, "MeterFunction");
        let event: Value = serde_json::from_slice(&event).unwrap();
        let data = STANDARD.decode(event["awslogs"]["data"].as_str().unwrap()).unwrap();
        let mut text = String::new();
        GzDecoder::new(data.as_slice()).read_to_string(&mut text).unwrap();
        self.events.lock().unwrap().push(serde_json::from_str(&text).unwrap());
        let fails = self.failures.try_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        Box::pin(async move {
            match fails {
                Ok(_) => Err(InvokeError::Function("not now".into())),
                Err(_) => Ok(Bytes::from_static(b"null")),
            }
        })
    }
}

#[derive(Default)]
struct Meters {
    first: Meter,
    second: Meter,
}

impl Invoke for Meters {
    fn invoke<'a>(&'a self, function: &'a str, event: Bytes) -> BoxFuture<'a, Result<Bytes, InvokeError>> {
        let meter = if function == "SecondFunction" { &self.second } else { &self.first };
        meter.invoke("MeterFunction", event)
    }
}

async fn until_delivered(services: &Services) {
    until("the lines are delivered", || services.outstanding_log_events() == 0).await;
}

async fn until(what: &str, holds: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(10);
    while !holds() {
        assert!(Instant::now() < deadline, "not in time: {what}");
        sleep(Duration::from_millis(2)).await;
    }
}

#[tokio::test]
async fn lines_that_match_come_as_cloudwatch_sends_them() {
    let services = open(&Storage::Memory).await;
    let other = r#"{"kind":"other"}"#.to_owned();
    print(&services, "SpeakFunction", &[usage(1), other, "plain".to_owned()]).await;
    print(&services, "SingFunction", &[usage(2)]).await;
    assert!(tap(&services, "MeterFunction").is_none(), "its group has no filter");
    assert_eq!(services.outstanding_log_events(), 2);
    let meter = Arc::new(Meter::default());
    let _sources = meter.feed(&services);
    until_delivered(&services).await;

    let [event] = meter.events().try_into().unwrap();
    assert_eq!((&event["messageType"], &event["owner"]), (&"DATA_MESSAGE".into(), &"123456789012".into()));
    assert_eq!((&event["logGroup"], &event["logStream"]), (&"shop-Lines".into(), &"local".into()));
    assert_eq!(event["subscriptionFilters"], serde_json::json!(["usage"]));
    let lines = meter.log_events();
    assert_eq!(lines.iter().map(|line| &line["message"]).collect::<Vec<_>>(), [&*usage(1), &*usage(2)]);
    for line in &lines {
        let id = line["id"].as_str().unwrap();
        assert!(id.len() == 56 && id.bytes().all(|digit| digit.is_ascii_digit()), "{id}");
        assert!((now_ms() - line["timestamp"].as_i64().unwrap()).abs() < 60_000);
    }
    assert_ne!(lines[0]["id"], lines[1]["id"]);
}

#[tokio::test]
async fn lines_come_again_until_the_function_has_taken_them() {
    let services = open(&Storage::Memory).await;
    let meter = Arc::new(Meter { failures: AtomicUsize::new(2), ..Meter::default() });
    let _sources = meter.feed(&services);
    print(&services, "SpeakFunction", &[usage(1), usage(2)]).await;
    until_delivered(&services).await;
    let events = meter.events();
    assert_eq!(events.len(), 3);
    assert!(events.iter().all(|event| event["logEvents"] == events[0]["logEvents"]), "{events:?}");
}

#[tokio::test]
async fn lines_that_were_read_survive_a_kill() {
    let directory = tempfile::tempdir().unwrap();
    let storage = |name: &str| Storage::Directory(directory.path().join(name));
    let services = open(&storage("data")).await;
    print(&services, "SpeakFunction", &[usage(1), usage(2)]).await;
    copy(&directory.path().join("data"), &directory.path().join("killed"));

    let next = open(&storage("killed")).await;
    let meter = Arc::new(Meter::default());
    let _sources = meter.feed(&next);
    until_delivered(&next).await;
    assert_eq!(meter.log_events().len(), 2);
}

/// As a `kill -9` at this moment would leave the files.
fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for file in fs::read_dir(from).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), to.join(file.file_name())).unwrap();
    }
}

#[tokio::test]
async fn lines_wait_while_the_function_is_switched_off() {
    let services = open_template(&format!("{TEMPLATE}{SECOND}"), &Storage::Memory).await;
    let meters = Arc::new(Meters::default());
    let sources = services.start_event_sources(Arc::clone(&meters) as Arc<dyn Invoke>);
    sources.set_enabled("MeterFunction", false).unwrap();
    // A second function gets the same lines as soon as they have gathered. The second line is not there before the
    // first would have come to the other function as well.
    for (line, lines) in [(usage(1), 1), (usage(2), 2)] {
        print(&services, "SpeakFunction", &[line]).await;
        until("the second function has the line", || meters.second.log_events().len() == lines).await;
    }
    until("the second function's lines are forgotten", || services.outstanding_log_events() == 2).await;
    assert_eq!(meters.first.events().len(), 0);
    sources.set_enabled("MeterFunction", true).unwrap();
    until_delivered(&services).await;
    assert_eq!(meters.first.log_events().len(), 2);
}

#[tokio::test]
async fn many_lines_come_in_few_events() {
    let services = open(&Storage::Memory).await;
    let lines: Vec<String> = (0..2500).map(usage).collect();
    for some in lines.chunks(100) {
        print(&services, "SpeakFunction", some).await;
    }
    let meter = Arc::new(Meter::default());
    let _sources = meter.feed(&services);
    until_delivered(&services).await;
    let sizes: Vec<usize> =
        meter.events().iter().map(|event| event["logEvents"].as_array().unwrap().len()).collect();
    assert_eq!(sizes, [1000, 1000, 500]);
    let messages: Vec<Value> = meter.log_events().iter().map(|line| line["message"].clone()).collect();
    assert_eq!(messages, lines);
}

#[test]
fn a_batch_is_bounded_in_bytes_but_for_its_first_line() {
    let event =
        |length: usize| LogEvent { position: 0, id: String::new(), at: 0, message: "x".repeat(length) };
    let sizes = |lengths: &[usize]| up_to(lengths.iter().map(|length| event(*length)).collect(), 10).len();
    assert_eq!([sizes(&[20, 1]), sizes(&[4, 6, 1]), sizes(&[4, 7]), sizes(&[])], [1, 2, 1, 0]);
}
