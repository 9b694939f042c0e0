use super::*;

fn gateway(origins: &[&str], credentials: bool) -> Gateway {
    let list = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect::<Vec<_>>();
    let cors = Cors {
        allow_origins: list(origins),
        allow_methods: list(&["GET", "POST"]),
        allow_headers: list(&["authorization", "content-type"]),
        expose_headers: list(&["etag", "location"]),
        max_age: Some(600),
        allow_credentials: credentials,
    };
    let answer = json!({"statusCode": 200, "headers": {"access-control-allow-origin": "https://evil.example", "etag": "\"1\""}});
    Gateway::of(HttpApi { cors: Some(cors), ..api() }, Functions::answering("Open", answer))
}

async fn preflight(gateway: &Gateway, origin: &str, method: &str, headers: &str) -> Received {
    let headers = [
        ("origin", origin),
        ("access-control-request-method", method),
        ("access-control-request-headers", headers),
    ];
    gateway.send(request("OPTIONS", "/me", &headers, "")).await
}

#[tokio::test]
async fn a_preflight_is_answered_without_any_function() {
    let gateway = gateway(&["https://app.example"], true);
    let received = preflight(&gateway, "https://app.example", "POST", "Authorization, content-type").await;
    assert_eq!(received.said(), (204, ""));
    assert_eq!(received.header("access-control-allow-origin"), Some("https://app.example"));
    assert_eq!(received.header("access-control-allow-methods"), Some("GET,POST"));
    assert_eq!(received.header("access-control-allow-headers"), Some("authorization,content-type"));
    assert_eq!(received.header("access-control-allow-credentials"), Some("true"));
    assert_eq!(received.header("access-control-max-age"), Some("600"));
    assert!(received.header("apigw-requestid").is_some());
}

#[tokio::test]
async fn a_preflight_that_is_not_allowed_gets_no_leave() {
    let gateway = gateway(&["https://app.example"], false);
    let asked = [
        ("https://other.example", "GET", ""),
        ("https://app.example", "PUT", ""),
        ("https://app.example", "GET", "x-secret"),
    ];
    for (origin, method, headers) in asked {
        let received = preflight(&gateway, origin, method, headers).await;
        assert_eq!(received.status, StatusCode::NO_CONTENT);
        assert_eq!(received.header("access-control-allow-origin"), None, "{origin} {method} {headers}");
        assert_eq!(received.header("access-control-allow-methods"), None);
    }
}

#[tokio::test]
async fn options_without_a_preflights_headers_is_an_ordinary_request() {
    let gateway = gateway(&["*"], false);
    let received = gateway.send(request("OPTIONS", "/me", &[("origin", "https://app.example")], "")).await;
    assert_eq!(received.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_allowed_origin_gets_the_policys_headers_and_not_the_functions() {
    let gateway = gateway(&["https://app.example"], false);
    let received = gateway.get("/open", &[("origin", "https://app.example")]).await;
    assert_eq!(received.header("access-control-allow-origin"), Some("https://app.example"));
    assert_eq!(received.header("access-control-expose-headers"), Some("etag,location"));
    assert_eq!(received.header("access-control-allow-methods"), None);
    assert_eq!(received.header("etag"), Some("\"1\""));
    for headers in [&[][..], &[("origin", "https://other.example")]] {
        let received = gateway.get("/open", headers).await;
        assert_eq!((received.status, received.header("access-control-allow-origin")), (StatusCode::OK, None));
    }
}

#[tokio::test]
async fn wildcards_allow_all_origins_or_those_of_a_scheme() {
    let leave = async |allowed: &str| {
        let received = gateway(&[allowed], false).get("/open", &[("origin", "https://app.example")]).await;
        received.header("access-control-allow-origin").map(str::to_owned)
    };
    assert_eq!(leave("*").await.as_deref(), Some("*"));
    assert_eq!(leave("https://*").await.as_deref(), Some("https://app.example"));
    assert_eq!(leave("http://*").await, None);
}

#[tokio::test]
async fn refusals_carry_the_headers_too() {
    let received = gateway(&["*"], false).get("/me", &[("origin", "https://app.example")]).await;
    assert_eq!(
        (received.status, received.header("access-control-allow-origin")),
        (StatusCode::UNAUTHORIZED, Some("*"))
    );
}

#[tokio::test]
async fn without_a_policy_the_function_speaks_for_itself() {
    let answer =
        json!({"statusCode": 200, "headers": {"access-control-allow-origin": "https://app.example"}});
    let received = Gateway::new(Functions::answering("Open", answer))
        .get("/open", &[("origin", "https://x.example")])
        .await;
    assert_eq!(received.header("access-control-allow-origin"), Some("https://app.example"));
}
