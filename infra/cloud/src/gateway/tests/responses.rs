use super::*;

async fn answered(answer: Value) -> Received {
    Gateway::new(Functions::answering("Open", answer)).get("/open", &[]).await
}

async fn failed(error: InvokeError) -> Received {
    Gateway::new(Functions::default().with("Open", move |_| Err(error.clone()))).get("/open", &[]).await
}

#[tokio::test]
async fn an_explicit_answer_becomes_the_response() {
    let received = answered(json!({
        "statusCode": 201,
        "headers": {"Location": "/orders/1", "x-count": 3, "content-length": "999"},
        "multiValueHeaders": {"x-lost": ["1"]},
        "cookies": ["a=1", "b=2"],
        "body": "{}",
    }))
    .await;
    assert_eq!(received.said(), (201, "{}"));
    assert_eq!(received.header("location"), Some("/orders/1"));
    assert_eq!(received.header("x-count"), Some("3"));
    assert_eq!(received.header("x-lost"), None);
    assert_eq!(received.headers.get_all("set-cookie").iter().collect::<Vec<_>>(), ["a=1", "b=2"]);
    assert_eq!(received.header("content-type"), Some("text/plain; charset=utf-8"));
}

#[tokio::test]
async fn base64_is_decoded() {
    let received = answered(json!({"statusCode": 200, "body": "aGk=", "isBase64Encoded": true})).await;
    assert_eq!(received.said(), (200, "hi"));
}

#[tokio::test]
async fn an_answer_without_a_status_is_the_body_of_a_success() {
    let received = answered(json!({"message": "hi"})).await;
    assert_eq!(received.said(), (200, r#"{"message":"hi"}"#));
    assert_eq!(received.header("content-type"), Some("application/json"));
    assert_eq!(answered(json!("hi")).await.said(), (200, "hi"));
    assert_eq!(answered(json!([201, null])).await.said(), (200, "[201,null]"));
}

#[tokio::test]
async fn a_malformed_answer_is_an_internal_server_error() {
    let malformed = [
        json!({"statusCode": "two hundred"}),
        json!({"statusCode": 99}),
        json!({"statusCode": 1000}),
        json!({"statusCode": 200, "body": {"an": "object"}}),
        json!({"statusCode": 200, "headers": {"bad name": "x"}}),
        json!({"statusCode": 200, "headers": {"x-bad": "a\nb"}}),
        json!({"statusCode": 200, "body": "%%%", "isBase64Encoded": true}),
    ];
    for answer in malformed {
        assert_eq!(
            answered(answer.clone()).await.said(),
            (500, r#"{"message":"Internal Server Error"}"#),
            "{answer}"
        );
    }
    let gateway = Gateway::new(Functions::default().with("Open", |_| Ok(Bytes::from_static(b"not JSON"))));
    assert_eq!(gateway.get("/open", &[]).await.status, StatusCode::INTERNAL_SERVER_ERROR);
}

#[tokio::test]
async fn failures_have_the_gateways_words() {
    let internal = (500, r#"{"message":"Internal Server Error"}"#);
    assert_eq!(failed(InvokeError::Function("{}".into())).await.said(), internal);
    assert_eq!(failed(InvokeError::TimedOut).await.said(), internal);
    assert_eq!(failed(InvokeError::Unavailable("no binary".into())).await.said(), internal);
    assert_eq!(failed(InvokeError::Throttled).await.said(), (503, r#"{"message":"Service Unavailable"}"#));
}

#[tokio::test]
async fn a_function_slower_than_the_gateway_waits_is_unavailable() {
    let gateway = Gateway::new(Functions { stuck: vec!["Open"], ..Functions::default() });
    assert_eq!(gateway.get("/open", &[]).await.said(), (503, r#"{"message":"Service Unavailable"}"#));
}
