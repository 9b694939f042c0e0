//! Limits that the template takes from parameters, in the running cloud.

use cloud::{Cloud, Options};

use super::*;
use crate::library::options;

const TEMPLATE: &str = r#"
Transform: AWS::Serverless-2016-10-31
Parameters:
  Burst: {Type: Number}
  Concurrency: {Type: Number}
Resources:
  Api:
    Type: AWS::Serverless::HttpApi
    Properties:
      RouteSettings: {GET /health: {ThrottlingBurstLimit: !Ref Burst, ThrottlingRateLimit: 0.001}}
  HealthFunction:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: provided.al2023
      CodeUri: target/lambda/health/bootstrap.zip
      ReservedConcurrentExecutions: !Ref Concurrency
      Events:
        Http: {Type: HttpApi, Properties: {ApiId: !Ref Api, Method: get, Path: /health}}
"#;

/// The answers to two calls of a function that has no binary.
async fn answers(burst: u32, concurrency: u32) -> [(StatusCode, String); 2] {
    let folder = tempfile::tempdir().unwrap();
    let template = folder.path().join("template.yaml");
    std::fs::write(&template, TEMPLATE).unwrap();
    let given = [("Burst", burst), ("Concurrency", concurrency)];
    let parameters = given.map(|(name, value)| (name.to_owned(), value.to_string())).into();
    let options = Options { template, parameters, ..options(folder.path()) };
    let cloud = Cloud::start(options).await.unwrap();
    let url = format!("{}/health", cloud.url());
    let answers = [get(&url, &[]).await, get(&url, &[]).await];
    cloud.stop().await;
    answers
}

fn failed() -> (StatusCode, String) {
    said(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error")
}

fn said(status: StatusCode, message: &str) -> (StatusCode, String) {
    (status, serde_json::json!({ "message": message }).to_string())
}

#[tokio::test(flavor = "multi_thread")]
async fn reserved_concurrency_that_is_in_use_is_a_503_of_the_gateway() {
    let refused = said(StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable");
    assert_eq!(answers(2, 0).await, [refused.clone(), refused]);
    assert_eq!(answers(2, 1).await, [failed(), failed()]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_throttled_route_is_a_429_of_the_gateway() {
    let refused = said(StatusCode::TOO_MANY_REQUESTS, "Too Many Requests");
    assert_eq!(answers(1, 1).await, [failed(), refused]);
}
