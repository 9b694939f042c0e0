use super::*;

async fn event_of(request: http::Request<Body>) -> Value {
    let gateway = Gateway::new(Functions::answering("Open", json!({"statusCode": 200})));
    assert_eq!(gateway.send(request).await.status, StatusCode::OK);
    gateway.functions.events("Open").remove(0)
}

#[tokio::test]
async fn the_event_is_of_payload_format_2() {
    let headers = [
        ("Host", "127.0.0.1:3000"),
        ("User-Agent", "curl/8"),
        ("X-Tag", "one"),
        ("x-tag", "two"),
        ("Cookie", "a=1; b=2"),
        ("cookie", "c=3"),
    ];
    let event = event_of(request("GET", "/products/caf%C3%A9?tag=x&tag=y%20z&empty", &headers, "")).await;
    assert_eq!(event["version"], "2.0");
    assert_eq!(event["routeKey"], "GET /products/{id}");
    assert_eq!(event["rawPath"], "/products/café");
    assert_eq!(event["rawQueryString"], "tag=x&tag=y%20z&empty");
    assert_eq!(event["queryStringParameters"], json!({"tag": "x,y z", "empty": ""}));
    assert_eq!(event["pathParameters"], json!({"id": "café"}));
    assert_eq!(event["cookies"], json!(["a=1", "b=2", "c=3"]));
    assert_eq!(event["headers"]["x-tag"], "one,two");
    assert_eq!(event["headers"]["x-forwarded-for"], "127.0.0.1");
    assert_eq!(event["headers"]["x-forwarded-port"], "3000");
    assert!(event["headers"].get("cookie").is_none());
    assert_eq!(event["isBase64Encoded"], false);
    assert!(event.get("body").is_none());

    let context = &event["requestContext"];
    assert_eq!(context["accountId"], "123456789012");
    assert_eq!((&context["apiId"], &context["stage"]), (&json!("api"), &json!("$default")));
    assert_eq!(context["domainName"], "127.0.0.1");
    assert_eq!(context["http"]["method"], "GET");
    assert_eq!(context["http"]["path"], "/products/café");
    assert_eq!(context["http"]["protocol"], "HTTP/1.1");
    assert_eq!(context["http"]["sourceIp"], "127.0.0.1");
    assert_eq!(context["http"]["userAgent"], "curl/8");
    assert_eq!(context["routeKey"], "GET /products/{id}");
    assert!(context["timeEpoch"].as_i64().unwrap() > 1_600_000_000_000);
    let time = context["time"].as_str().unwrap();
    assert!(time.len() == 26 && time.ends_with(" +0000") && &time[2..3] == "/", "{time}");
    assert!(context.get("authorizer").is_none());
}

#[tokio::test]
async fn an_event_without_extras_leaves_them_out() {
    let event = event_of(request("GET", "/open", &[], "")).await;
    for absent in ["cookies", "queryStringParameters", "pathParameters", "body"] {
        assert!(event.get(absent).is_none(), "{absent}");
    }
    assert_eq!(event["rawQueryString"], "");
}

#[tokio::test]
async fn bodies_travel_plain_or_as_base64() {
    let event =
        event_of(request("POST", "/open", &[("content-type", "application/json")], "{\"a\":\"é\"}")).await;
    assert_eq!((&event["body"], &event["isBase64Encoded"]), (&json!("{\"a\":\"é\"}"), &json!(false)));
    let event = event_of(request("POST", "/open", &[("content-type", "image/png")], &b"\x89PNG"[..])).await;
    assert_eq!((&event["body"], &event["isBase64Encoded"]), (&json!("iVBORw=="), &json!(true)));
}

#[tokio::test]
async fn the_request_id_is_in_event_and_response() {
    let gateway = Gateway::new(Functions::answering("Open", json!({"statusCode": 204})));
    let received = gateway.get("/open", &[]).await;
    let event = gateway.functions.events("Open").remove(0);
    assert_eq!(received.header("apigw-requestid"), event["requestContext"]["requestId"].as_str());
}

#[tokio::test]
async fn what_no_route_takes_is_not_found() {
    let gateway = Gateway::new(Functions::default());
    for (method, path) in
        [("GET", "/"), ("OPTIONS", "/open"), ("DELETE", "/open"), ("GET", "/products/a%2Fb")]
    {
        let received = gateway.send(request(method, path, &[], "")).await;
        assert_eq!(received.said(), (404, r#"{"message":"Not Found"}"#), "{method} {path}");
        assert!(received.header("apigw-requestid").is_some());
        assert_eq!(received.header("content-type"), Some("application/json"));
    }
}

#[tokio::test]
async fn a_route_for_get_takes_no_head() {
    let received = Gateway::new(Functions::default()).send(request("HEAD", "/open", &[], "")).await;
    assert_eq!(received.said(), (404, ""));
}
