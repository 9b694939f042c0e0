//! What processes print, and the functions that get it.

use std::time::{Duration, Instant};

use cloud::{Cloud, Options};
use serde_json::{Value, json};

use crate::invoke::install_function;
use crate::library::options;

const TEMPLATE: &str = "
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: provided.al2023, Handler: bootstrap}}
Resources:
  Lines: {Type: AWS::Logs::LogGroup}
  SpeakFunction:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: target/lambda/speak/bootstrap.zip, LoggingConfig: {LogGroup: !Ref Lines}}
  MeterFunction:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: target/lambda/meter/bootstrap.zip}
  Usage:
    Type: AWS::Logs::SubscriptionFilter
    Properties:
      LogGroupName: !Ref Lines
      FilterPattern: '{ $.kind = usage }'
      DestinationArn: !GetAtt MeterFunction.Arn
  MayCall:
    Type: AWS::Lambda::Permission
    Properties:
      Action: lambda:InvokeFunction
      FunctionName: !Ref MeterFunction
      Principal: logs.amazonaws.com
      SourceArn: !GetAtt Lines.Arn
";

/// The messages that the function has got.
fn messages(cloud: &Cloud) -> Vec<String> {
    let logs = cloud.logs();
    let events = logs.iter().filter_map(|line| line.strip_prefix("MeterFunction: lines "));
    let read = |event: &str| serde_json::from_str::<Value>(event).unwrap();
    let lines = events.map(read).flat_map(|event| event["logEvents"].as_array().unwrap().clone());
    lines.map(|line| line["message"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_function_gets_the_lines_that_another_prints() {
    let binaries = tempfile::tempdir().unwrap();
    for name in ["speak", "meter"] {
        install_function(&binaries.path().join(name));
    }
    let template = binaries.path().join("template.yaml");
    std::fs::write(&template, TEMPLATE).unwrap();
    let options = Options { template, parameters: Default::default(), ..options(binaries.path()) };
    let cloud = Cloud::start(options).await.unwrap();

    let usage: Vec<String> = (0..50).map(|n| json!({ "kind": "usage", "n": n }).to_string()).collect();
    let lines: Vec<&str> = usage.iter().flat_map(|line| [line.as_str(), "and nothing else"]).collect();
    cloud.invoke("SpeakFunction", json!({ "do": "print", "lines": lines })).await.unwrap();
    let deadline = Instant::now() + Duration::from_secs(20);
    while messages(&cloud).len() < usage.len() || cloud.services().outstanding_log_events() > 0 {
        assert!(Instant::now() < deadline, "{:?}", cloud.logs());
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(messages(&cloud), usage);
    cloud.stop().await;
}
