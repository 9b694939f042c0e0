use super::*;

const TOKEN: [(&str, &str); 1] = [("authorization", "Bearer good")];

fn gateway(verdict: impl Fn(&Value) -> Answer + Send + Sync + 'static) -> Gateway {
    let functions = Functions::answering("Closed", json!({"statusCode": 200})).with("Authorize", verdict);
    Gateway::new(functions)
}

fn granting(context: Value) -> Gateway {
    gateway(move |_| ok(&json!({"isAuthorized": true, "context": context})))
}

#[tokio::test]
async fn the_authorizer_is_asked_with_the_request() {
    let gateway = granting(json!({}));
    assert_eq!(gateway.get("/orders/7?x=1", &TOKEN).await.status, StatusCode::OK);
    let event = gateway.functions.events("Authorize").remove(0);
    assert_eq!((&event["version"], &event["type"]), (&json!("2.0"), &json!("REQUEST")));
    assert_eq!(event["routeArn"], "arn:aws:execute-api:eu-west-1:123456789012:api/$default/GET/orders/7");
    assert_eq!(event["identitySource"], json!(["Bearer good"]));
    assert_eq!((&event["routeKey"], &event["rawPath"]), (&json!("GET /orders/{id}"), &json!("/orders/7")));
    assert_eq!(event["queryStringParameters"], json!({"x": "1"}));
    assert_eq!(event["pathParameters"], json!({"id": "7"}));
    assert_eq!(event["headers"]["authorization"], "Bearer good");
    assert_eq!(event["requestContext"]["http"]["method"], "GET");
    assert!(event.get("body").is_none() && event.get("isBase64Encoded").is_none());
}

#[tokio::test]
async fn the_context_reaches_the_function_with_its_types() {
    let context = json!({"tenant": "ten_1", "exp": 12, "admin": true, "roles": ["a"], "limits": {"rate": 1}});
    let gateway = granting(context.clone());
    gateway.get("/me", &TOKEN).await;
    assert_eq!(gateway.functions.events("Closed")[0]["requestContext"]["authorizer"]["lambda"], context);
}

#[tokio::test]
async fn a_verdict_without_context_is_a_null_context() {
    let gateway = gateway(|_| ok(&json!({"isAuthorized": true})));
    gateway.get("/me", &TOKEN).await;
    assert_eq!(
        gateway.functions.events("Closed")[0]["requestContext"]["authorizer"],
        json!({"lambda": null})
    );
}

#[tokio::test]
async fn without_identity_nobody_is_asked() {
    let gateway = granting(json!({}));
    for headers in [&[][..], &[("authorization", "")]] {
        assert_eq!(gateway.get("/me", headers).await.said(), (401, r#"{"message":"Unauthorized"}"#));
    }
    assert!(gateway.functions.events("Authorize").is_empty());
}

#[tokio::test]
async fn a_refusal_is_forbidden_and_remembered() {
    let gateway = gateway(|_| ok(&json!({"isAuthorized": false})));
    for path in ["/me", "/orders/1"] {
        assert_eq!(gateway.get(path, &TOKEN).await.said(), (403, r#"{"message":"Forbidden"}"#));
    }
    assert_eq!(gateway.functions.events("Authorize").len(), 1);
    assert!(gateway.functions.events("Closed").is_empty());
}

#[tokio::test]
async fn a_verdict_covers_every_route_for_one_identity() {
    let gateway = granting(json!({"n": 1}));
    for path in ["/me", "/orders/1", "/me"] {
        assert_eq!(gateway.get(path, &TOKEN).await.status, StatusCode::OK);
    }
    assert_eq!(gateway.functions.events("Authorize").len(), 1);
    gateway.get("/me", &[("authorization", "Bearer other")]).await;
    assert_eq!(gateway.functions.events("Authorize").len(), 2);
}

#[tokio::test]
async fn nothing_is_remembered_without_a_lifetime() {
    let mut api = api();
    api.authorizers.values_mut().for_each(|authorizer| authorizer.reauthorize_every = Duration::ZERO);
    let functions = Functions::answering("Closed", json!({"statusCode": 200}))
        .with("Authorize", |_| ok(&json!({"isAuthorized": true})));
    let gateway = Gateway::of(api, functions);
    gateway.get("/me", &TOKEN).await;
    gateway.get("/me", &TOKEN).await;
    assert_eq!(gateway.functions.events("Authorize").len(), 2);
}

#[tokio::test]
async fn a_failing_or_malformed_authorizer_closes_the_route() {
    let verdicts: [fn(&Value) -> Answer; 6] = [
        |_| Err(InvokeError::Function(r#"{"errorMessage":"boom","errorType":"Error"}"#.into())),
        |_| Err(InvokeError::TimedOut),
        |_| Err(InvokeError::Throttled),
        |_| ok(&json!({"isAuthorized": "yes"})),
        |_| ok(&json!({"context": {}})),
        |_| ok(&json!({"isAuthorized": true, "context": "text"})),
    ];
    for verdict in verdicts {
        let gateway = gateway(verdict);
        for _ in 0..2 {
            assert_eq!(
                gateway.get("/me", &TOKEN).await.said(),
                (500, r#"{"message":"Internal Server Error"}"#)
            );
        }
        assert_eq!(gateway.functions.events("Authorize").len(), 2, "a failure is not remembered");
        assert!(gateway.functions.events("Closed").is_empty());
    }
}

#[tokio::test]
async fn an_authorizer_asks_for_401_by_one_error_message() {
    let gateway = gateway(|_| {
        Err(InvokeError::Function(r#"{"errorMessage":"Unauthorized","errorType":"Error"}"#.into()))
    });
    assert_eq!(gateway.get("/me", &TOKEN).await.said(), (401, r#"{"message":"Unauthorized"}"#));
}

#[tokio::test]
async fn a_route_with_an_unknown_authorizer_is_closed() {
    let mut api = api();
    api.authorizers.clear();
    let gateway = Gateway::of(api, Functions::default());
    assert_eq!(gateway.get("/me", &TOKEN).await.status, StatusCode::INTERNAL_SERVER_ERROR);
}

#[tokio::test]
async fn open_routes_ask_nobody() {
    let gateway = Gateway::new(Functions::answering("Open", json!({"statusCode": 200})));
    assert_eq!(gateway.get("/open", &[]).await.status, StatusCode::OK);
}
