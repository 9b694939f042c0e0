//! The file with the keys of the template's profiles.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use cloud::{Cloud, Options, StartError, Storage};
use http_body_util::Full;

use super::*;
use crate::invoke::install_function;
use crate::library::options;
use crate::signer::{Request, signed_as};

const TEMPLATE: &str = r#"
Transform: AWS::Serverless-2016-10-31
Metadata:
  LocalProfiles:
    operator: {Policies: [OperatorPolicy]}
    developer: {Role: DeveloperRole}
Resources:
  OperatorPolicy:
    Type: AWS::IAM::ManagedPolicy
    Properties: {PolicyDocument: {Version: "2012-10-17", Statement: {Effect: Allow, Action: "execute-api:Invoke", Resource: !Sub "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:*/*/POST/tenants"}}}
  DeveloperRole:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: {Effect: Allow, Principal: {AWS: !Ref AWS::AccountId}, Action: sts:AssumeRole}}
      Policies:
        - PolicyName: Invoke
          PolicyDocument: {Version: "2012-10-17", Statement: {Effect: Allow, Action: lambda:InvokeFunction, Resource: !GetAtt TenantFunction.Arn}}
  Api:
    Type: AWS::Serverless::HttpApi
    Properties: {Auth: {EnableIamAuthorizer: true, DefaultAuthorizer: AWS_IAM}}
  TenantFunction:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: provided.al2023
      CodeUri: target/lambda/tenant/bootstrap.zip
      Events:
        Post: {Type: HttpApi, Properties: {ApiId: !Ref Api, Method: post, Path: /tenants}}
"#;

fn options_in(folder: &Path) -> Options {
    let template = folder.join("template.yaml");
    std::fs::write(&template, TEMPLATE).unwrap();
    let storage = Storage::Directory(folder.join("data"));
    Options { template, parameters: BTreeMap::new(), storage, ..options(folder) }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_start_writes_new_keys_for_their_owner_alone() {
    let root = tempfile::tempdir().unwrap();
    let file = root.path().join("data/credentials");
    let mut texts = Vec::new();
    for _ in 0..2 {
        let cloud = Cloud::start(options_in(root.path())).await.unwrap();
        assert_eq!(cloud.credentials_file(), Some(&*file));
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        let (operator, developer) = (cloud.profile("operator").unwrap(), cloud.profile("developer").unwrap());
        let expected = format!(
            "\n[developer]\naws_access_key_id = {}\naws_secret_access_key = {}\naws_session_token = {}\nregion = eu-west-1\n\
             \n[operator]\naws_access_key_id = {}\naws_secret_access_key = {}\nregion = eu-west-1\n",
            developer.access_key_id,
            developer.secret_access_key,
            developer.session_token.unwrap(),
            operator.access_key_id,
            operator.secret_access_key,
        );
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(text.starts_with("# ") && text.ends_with(&expected), "{text}");
        assert!(cloud.profile("nobody").is_none());
        cloud.stop().await;
        texts.push(text);
        // One that was left from a kill is not written to.
        std::fs::write(root.path().join("data/credentials.new"), "of a cloud that was killed").unwrap();
        std::fs::set_permissions(&file, PermissionsExt::from_mode(0o644)).unwrap();
    }
    assert_ne!(texts[0], texts[1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_that_are_not_a_cloud_s_stay() {
    let root = tempfile::tempdir().unwrap();
    let own = root.path().join("own");
    std::fs::write(&own, "[default]\naws_access_key_id = AKIAOWN\n").unwrap();
    let options = Options { credentials_file: Some(own.clone()), ..options_in(root.path()) };
    let Err(error) = Cloud::start(options).await else { panic!("the cloud starts") };
    assert!(matches!(error, StartError::CredentialsFile { .. }), "{error}");
    assert!(error.to_string().contains("it was not written by a cloud"), "{error}");
    assert!(std::fs::read_to_string(&own).unwrap().contains("AKIAOWN"));
}

#[tokio::test(flavor = "multi_thread")]
async fn in_memory_keys_are_written_where_they_are_asked_for_alone() {
    let root = tempfile::tempdir().unwrap();
    let in_memory = || Options { storage: Storage::Memory, ..options_in(root.path()) };
    let cloud = Cloud::start(in_memory()).await.unwrap();
    assert!(cloud.credentials_file().is_none() && cloud.profile("operator").is_some());
    cloud.stop().await;
    let file = root.path().join("keys/credentials");
    let cloud = Cloud::start(Options { credentials_file: Some(file.clone()), ..in_memory() }).await.unwrap();
    assert!(std::fs::read_to_string(&file).unwrap().contains("[operator]"));
    cloud.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_template_without_profiles_leaves_no_file() {
    let root = tempfile::tempdir().unwrap();
    let options = options_in(root.path());
    let (head, rest) = TEMPLATE.split_once("Metadata:").unwrap();
    let (_, resources) = rest.split_once("Resources:").unwrap();
    std::fs::write(&options.template, format!("{head}Resources:{resources}")).unwrap();
    let cloud = Cloud::start(options).await.unwrap();
    assert!(cloud.credentials_file().is_none());
    assert!(!root.path().join("data/credentials").exists());
    cloud.stop().await;
}

async fn send(request: Request) -> (u16, String) {
    let client = Client::builder(TokioExecutor::new()).build_http::<Full<Bytes>>();
    let response = client.request(request.map(Full::from)).await.unwrap();
    let status = response.status().as_u16();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

/// The function is a process, and answers to the event of the gateway as to that of Lambda.
#[tokio::test(flavor = "multi_thread")]
async fn a_profile_calls_the_api_and_the_function_itself() {
    let root = tempfile::tempdir().unwrap();
    install_function(&root.path().join("tenant"));
    let cloud = Cloud::start(options_in(root.path())).await.unwrap();
    let (operator, developer) = (cloud.profile("operator").unwrap(), cloud.profile("developer").unwrap());
    let (url, services_url) = (cloud.url(), cloud.services_url());
    let post = |key, service| {
        signed_as(("POST", service), key, &url, "/tenants", &[], r#"{"name":"Acme"}"#.to_owned())
    };
    let invocations = || cloud.function_stats().get("TenantFunction").map_or(0, |stats| stats.invocations);
    let forbidden = (403, r#"{"message":"Forbidden"}"#.to_owned());
    assert_eq!(send(post(&developer, "execute-api")).await, forbidden);
    assert_eq!(send(post(&operator, "lambda")).await, forbidden);
    let unsigned = http::Request::post(format!("{url}/tenants")).body(String::new()).unwrap();
    assert_eq!(send(unsigned).await, forbidden);
    assert_eq!(invocations(), 0);
    // The function does not know the gateway's event, and fails by it.
    assert_eq!(send(post(&operator, "execute-api")).await.0, 500);
    assert_eq!(invocations(), 1);

    let path = "/2015-03-31/functions/terrace-TenantFunction/invocations";
    let invoke =
        |key| signed_as(("POST", "lambda"), key, &services_url, path, &[], r#"{"do":"answer"}"#.to_owned());
    let (status, answer) = send(invoke(&developer)).await;
    assert!(status == 200 && answer.contains("VERSION"), "{status} {answer}");
    assert_eq!(send(invoke(&operator)).await.0, 403);
    assert_eq!(invocations(), 2);
    cloud.stop().await;
}
