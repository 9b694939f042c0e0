//! Lambda as the AWS CLI calls it, each call decided by the policies of the caller.

use cloud::services::Credential;
use http::response::Parts;
use serde_json::{Value, json};

use crate::profiles::{allow, cloud, keys};
use crate::signer::signed_as;
use crate::stack::{DATA_ROLE, queue_url};
use crate::support::{Cloud, eventually};

const FUNCTION: &str = "/2015-03-31/functions/terrace-WorkerFunction";
const ARN: &str = "arn:aws:lambda:eu-west-1:123456789012:function:terrace-WorkerFunction";

async fn developed(actions: &[&str]) -> (Cloud, Credential) {
    let cloud = cloud(allow(&["sqs:*"]), allow(actions), DATA_ROLE).await;
    let developer = keys(&cloud, "developer");
    (cloud, developer)
}

async fn invoke(cloud: &Cloud, key: &Credential, headers: &[(&str, &str)], event: &str) -> (Parts, String) {
    let path = format!("{FUNCTION}/invocations");
    cloud.exchange(signed_as(("POST", "lambda"), key, &cloud.url, &path, headers, event.to_owned())).await
}

async fn get(cloud: &Cloud, key: &Credential, path: &str) -> (u16, Value) {
    let (status, body) =
        cloud.send_request(signed_as(("GET", "lambda"), key, &cloud.url, path, &[], String::new())).await;
    (status, serde_json::from_str(&body).unwrap())
}

fn error_type(head: &Parts) -> &str {
    head.headers.get("x-amzn-errortype").map_or("", |value| value.to_str().unwrap())
}

#[tokio::test]
async fn a_function_is_invoked_and_answers() {
    let (cloud, developer) = developed(&["lambda:InvokeFunction"]).await;
    let (head, body) = invoke(&cloud, &developer, &[], r#"{"a":1}"#).await;
    assert_eq!((head.status.as_u16(), body.as_str()), (200, r#"{"a":1}"#));
    assert!(!head.headers.contains_key("x-amz-function-error"));
    assert_eq!(invoke(&cloud, &developer, &[], "").await.1, "{}");
    assert_eq!(cloud.functions.events()[0], ("WorkerFunction".to_owned(), json!({ "a": 1 })));

    for (fail, expected) in
        [(r#"{"errorMessage":"Oops"}"#, "Oops"), ("late", "Timedout"), ("no binary", "Runtime")]
    {
        let (head, body) = invoke(&cloud, &developer, &[], &json!({ "fail": fail }).to_string()).await;
        assert_eq!(head.status.as_u16(), 200, "{body}");
        assert_eq!(head.headers["x-amz-function-error"], "Unhandled");
        assert!(body.contains(expected), "{body}");
    }
    let (head, _) = invoke(&cloud, &developer, &[], r#"{"fail":"throttled"}"#).await;
    assert_eq!((head.status.as_u16(), error_type(&head)), (429, "TooManyRequestsException"));
}

#[tokio::test]
async fn an_event_is_taken_and_run_later() {
    let (cloud, developer) = developed(&["lambda:InvokeFunction"]).await;
    let (head, body) = invoke(&cloud, &developer, &[("x-amz-invocation-type", "Event")], r#"{"a":2}"#).await;
    assert_eq!((head.status.as_u16(), body.as_str()), (202, ""));
    eventually("the function has run", || cloud.functions.events().len() == 1).await;
}

#[tokio::test]
async fn what_lambda_would_refuse_or_is_not_served_runs_nothing() {
    let (cloud, developer) = developed(&["lambda:*"]).await;
    let none: &[(&str, &str)] = &[];
    for (headers, event, status, code) in [
        (none, "{", 400, "InvalidRequestContentException"),
        (&[("x-amz-invocation-type", "DryRun")], "{}", 400, "InvalidParameterValueException"),
        (&[("x-amz-log-type", "Tail")], "{}", 400, "InvalidParameterValueException"),
    ] {
        let (head, body) = invoke(&cloud, &developer, headers, event).await;
        assert_eq!((head.status.as_u16(), error_type(&head)), (status, code), "{body}");
    }
    let large = format!("\"{}\"", "a".repeat(1024 * 1024));
    let (head, _) = invoke(&cloud, &developer, &[("x-amz-invocation-type", "Event")], &large).await;
    assert_eq!((head.status.as_u16(), error_type(&head)), (413, "RequestTooLargeException"));
    let (status, body) = get(&cloud, &developer, "/2015-03-31/functions/other").await;
    assert_eq!(
        (status, &body["message"]),
        (404, &json!("Function not found: arn:aws:lambda:eu-west-1:123456789012:function:other"))
    );
    let (status, body) = get(&cloud, &developer, "/2018-10-31/layers").await;
    assert_eq!((status, &body["__type"]), (404, &json!("UnknownOperationException")));
    assert!(cloud.functions.events().is_empty());
}

#[tokio::test]
async fn each_action_needs_its_own_right() {
    let (cloud, developer) = developed(&["lambda:ListFunctions", "lambda:GetFunction"]).await;
    let (status, listed) = get(&cloud, &developer, "/2015-03-31/functions/").await;
    assert_eq!((status, &listed["Functions"][0]["FunctionArn"]), (200, &json!(ARN)));
    let encoded = format!("/2015-03-31/functions/{}", ARN.replace(':', "%3A"));
    for path in [FUNCTION, &encoded] {
        let (status, described) = get(&cloud, &developer, path).await;
        assert_eq!(
            (status, &described["Configuration"]["FunctionName"]),
            (200, &json!("terrace-WorkerFunction"))
        );
    }
    let (head, body) = invoke(&cloud, &developer, &[], "{}").await;
    assert_eq!((head.status.as_u16(), error_type(&head)), (403, "AccessDeniedException"));
    assert!(body.contains(&format!("lambda:InvokeFunction on resource: {ARN}")), "{body}");
    let operator = keys(&cloud, "operator");
    assert_eq!(get(&cloud, &operator, FUNCTION).await.0, 403);
    assert_eq!(get(&cloud, &operator, "/2015-03-31/functions").await.0, 403);
    assert!(cloud.functions.events().is_empty());
}

#[tokio::test]
async fn queues_and_buses_are_listed_by_whom_policies_allow() {
    let (cloud, developer) = developed(&["sqs:ListQueues", "sqs:GetQueueUrl", "events:ListEventBuses"]).await;
    let operator = keys(&cloud, "operator");
    let call = async |key: &Credential, target: &str, request: Value| {
        let (status, body) = cloud.post_as(key, "/", &[("x-amz-target", target)], request.to_string()).await;
        (status, serde_json::from_str::<Value>(&body).unwrap())
    };
    let (status, queues) = call(&developer, "AmazonSQS.ListQueues", json!({})).await;
    assert_eq!((status, &queues["QueueUrls"]), (200, &json!([queue_url("Work"), queue_url("Dead")])));
    let (_, queues) =
        call(&developer, "AmazonSQS.ListQueues", json!({ "QueueNamePrefix": "terrace-D" })).await;
    assert_eq!(queues["QueueUrls"], json!([queue_url("Dead")]));
    let named = |name: &str| json!({ "QueueName": name });
    let (_, url) = call(&developer, "AmazonSQS.GetQueueUrl", named("terrace-Work")).await;
    assert_eq!(url["QueueUrl"], json!(queue_url("Work")));
    let (status, refused) = call(&developer, "AmazonSQS.GetQueueUrl", named("other")).await;
    assert_eq!((status, &refused["__type"]), (400, &json!("com.amazonaws.sqs#QueueDoesNotExist")));
    let (status, buses) = call(&developer, "AWSEvents.ListEventBuses", json!({})).await;
    assert_eq!(
        (status, &buses["EventBuses"][0]["Name"], &buses["EventBuses"][1]["Name"]),
        (200, &json!("default"), &json!("terrace"))
    );
    assert_eq!(call(&developer, "AmazonSQS.ListQueues", json!({ "MaxResults": 1 })).await.0, 400);

    assert_eq!(call(&operator, "AWSEvents.ListEventBuses", json!({})).await.0, 400);
    let denied = developed(&["sqs:GetQueueAttributes"]).await;
    for (target, request) in [("ListQueues", json!({})), ("GetQueueUrl", named("terrace-Work"))] {
        let target = format!("AmazonSQS.{target}");
        let headers = [("x-amz-target", target.as_str())];
        let (status, body) = denied.0.post_as(&denied.1, "/", &headers, request.to_string()).await;
        assert!(status == 403 && body.contains("AccessDenied"), "{target}: {body}");
    }
}
