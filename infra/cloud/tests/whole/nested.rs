//! The APIs of nested stacks, in the running cloud.

use std::path::{Path, PathBuf};

use cloud::{Cloud, Options};

use super::*;
use crate::library::options;

const ROOT: &str = r#"
Transform: AWS::Serverless-2016-10-31
Resources:
  Api: {Type: AWS::Serverless::HttpApi}
  HealthFunction:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: provided.al2023
      CodeUri: target/lambda/health/bootstrap.zip
      Events:
        Http: {Type: HttpApi, Properties: {ApiId: !Ref Api, Method: get, Path: /health}}
  Operators:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: stacks/operators.yaml, Parameters: {Origin: "https://operators.example"}}
"#;

const OPERATORS: &str = r#"
Transform: AWS::Serverless-2016-10-31
Parameters:
  Origin: {Type: String}
Resources:
  OperatorsApi:
    Type: AWS::Serverless::HttpApi
    Properties:
      CorsConfiguration: {AllowOrigins: [!Ref Origin]}
      RouteSettings: {GET /tenants: {ThrottlingBurstLimit: 1, ThrottlingRateLimit: 0.001}}
  TenantsFunction:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: provided.al2023
      CodeUri: ../target/lambda/tenants/bootstrap.zip
      Events:
        Http: {Type: HttpApi, Properties: {ApiId: !Ref OperatorsApi, Method: get, Path: /tenants}}
"#;

fn template(folder: &Path) -> PathBuf {
    std::fs::create_dir(folder.join("stacks")).unwrap();
    std::fs::write(folder.join("stacks/operators.yaml"), OPERATORS).unwrap();
    let template = folder.join("template.yaml");
    std::fs::write(&template, ROOT).unwrap();
    template
}

fn nested_options(folder: &Path, api_ports: &[(&str, u16)]) -> Options {
    let api_ports = api_ports.iter().map(|(api, port)| ((*api).to_owned(), *port)).collect();
    Options { template: template(folder), parameters: BTreeMap::new(), api_ports, ..options(folder) }
}

fn invocations(cloud: &Cloud, function: &str) -> u64 {
    cloud.function_stats().get(function).map_or(0, |stats| stats.invocations)
}

#[tokio::test(flavor = "multi_thread")]
async fn each_api_has_its_own_port_routes_and_throttles() {
    let folder = tempfile::tempdir().unwrap();
    let cloud = Cloud::start(nested_options(folder.path(), &[("OperatorsApi", 0)])).await.unwrap();
    let (root, operators) = (cloud.url(), cloud.api_url("OperatorsApi").unwrap().to_owned());
    assert_eq!(cloud.api_url("Api"), Some(root.as_str()));
    assert_eq!(cloud.api_url("Operators"), None);
    assert_ne!(root, operators);

    let unknown = (StatusCode::NOT_FOUND, r#"{"message":"Not Found"}"#.to_owned());
    assert_eq!(get(&format!("{root}/tenants"), &[]).await, unknown);
    assert_eq!(get(&format!("{operators}/health"), &[]).await, unknown);
    // The functions have no binaries, so they fail when they are invoked.
    let (failed, _) = get(&format!("{operators}/tenants"), &[]).await;
    assert_eq!((failed, invocations(&cloud, "TenantsFunction")), (StatusCode::INTERNAL_SERVER_ERROR, 1));
    let (throttled, _) = get(&format!("{operators}/tenants"), &[]).await;
    assert_eq!((throttled, invocations(&cloud, "TenantsFunction")), (StatusCode::TOO_MANY_REQUESTS, 1));
    get(&format!("{root}/health"), &[]).await;
    assert_eq!(invocations(&cloud, "HealthFunction"), 1);
    cloud.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_api_has_its_own_cors() {
    let folder = tempfile::tempdir().unwrap();
    let cloud = Cloud::start(nested_options(folder.path(), &[])).await.unwrap();
    let operators = cloud.api_url("OperatorsApi").unwrap().to_owned();
    for (url, allowed) in [(operators, Some("https://operators.example")), (cloud.url(), None)] {
        let client = Client::builder(TokioExecutor::new()).build_http::<Empty<Bytes>>();
        let request = Request::get(url).header("origin", "https://operators.example");
        let response = client.request(request.body(Empty::new()).unwrap()).await.unwrap();
        let origin = response.headers().get("access-control-allow-origin");
        assert_eq!(origin.map(|origin| origin.to_str().unwrap()), allowed);
    }
    cloud.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ports_of_apis_are_checked() {
    let holder = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = holder.local_addr().unwrap().port();
    for (api, said) in [
        ("OperatorsApi", format!("port {port} on 127.0.0.1 is taken; set --api-port OperatorsApi=<port> to a free one")),
        (
            "Api",
            "--api-port Api: no nested stack has such an API; they have OperatorsApi. --port is for the root's".to_owned(),
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let message = match Cloud::start(nested_options(folder.path(), &[(api, port)])).await {
            Err(error) => error.to_string(),
            Ok(_) => panic!("the cloud starts"),
        };
        assert_eq!(message, said);
    }
}

/// The announcement names each API, and the root's as before.
#[test]
fn the_program_says_where_each_api_is() {
    let folder = tempfile::tempdir().unwrap();
    let template = template(folder.path());
    let mut command = program::cloud_of(&template, folder.path());
    let mut child = command.args(["--api-port", "OperatorsApi=0"]).spawn().unwrap();
    let printed = program::printed_until_ready(&mut child);
    child.kill().unwrap();
    child.wait().unwrap();
    for part in ["  API       http://127.0.0.1:", "  OperatorsApi http://127.0.0.1:"] {
        assert!(printed.contains(part), "{part:?} in {printed}");
    }
}
