use super::*;
use crate::model::{Throttle, Throttles};

/// So slow that no test lives to see a second request of this burst.
const ONCE: Throttle = Throttle { burst: 1, rate: 1e-9 };

fn gateway(default: Option<Throttle>, routes: &[(&str, Throttle)]) -> Gateway {
    let routes = routes.iter().map(|(key, throttle)| ((*key).to_owned(), *throttle)).collect();
    let list = |value: &str| vec![value.to_owned()];
    let cors = Cors {
        allow_origins: list("*"),
        allow_methods: list("*"),
        allow_headers: list("*"),
        expose_headers: vec![],
        max_age: None,
        allow_credentials: false,
    };
    let mut api = api();
    api.routes.push(route("HEAD /open", "Open", None));
    let api = HttpApi { throttles: Throttles { default, routes }, cors: Some(cors), ..api };
    let verdict = json!({"isAuthorized": false});
    let functions = Functions::answering("Open", json!({"statusCode": 200}));
    Gateway::of(api, functions.with("Authorize", move |_| ok(&verdict)))
}

async fn statuses(gateway: &Gateway, requests: &[(&str, &str)]) -> Vec<u16> {
    let mut statuses = Vec::new();
    for (method, path) in requests {
        statuses.push(gateway.send(request(method, path, &[], "")).await.status.as_u16());
    }
    statuses
}

#[tokio::test]
async fn a_throttled_request_is_refused_in_the_gateways_words_and_reaches_no_function() {
    let gateway = gateway(None, &[("GET /open", ONCE)]);
    assert_eq!(gateway.get("/open", &[]).await.status, StatusCode::OK);
    let refused = gateway.get("/open", &[("origin", "https://app.example")]).await;
    assert_eq!(refused.said(), (429, r#"{"message":"Too Many Requests"}"#));
    assert_eq!(refused.header("access-control-allow-origin"), Some("*"));
    assert!(refused.header("apigw-requestid").is_some());
    assert_eq!(gateway.functions.events("Open").len(), 1);
}

#[tokio::test]
async fn each_method_of_a_path_has_its_own_bucket_and_all_values_of_a_parameter_share_one() {
    let gateway = gateway(Some(ONCE), &[]);
    let requests = [
        ("GET", "/open"),
        ("HEAD", "/open"),
        ("POST", "/open"),
        ("GET", "/open"),
        ("HEAD", "/open"),
        ("GET", "/products/1"),
        ("GET", "/products/2"),
    ];
    assert_eq!(statuses(&gateway, &requests).await, [200, 200, 200, 429, 429, 200, 429]);
}

#[tokio::test]
async fn a_route_s_own_throttle_replaces_the_default() {
    let gateway = gateway(Some(ONCE), &[("POST /open", Throttle { burst: 2, ..ONCE })]);
    let requests =
        [("POST", "/open"), ("POST", "/open"), ("POST", "/open"), ("GET", "/open"), ("GET", "/open")];
    assert_eq!(statuses(&gateway, &requests).await, [200, 200, 429, 200, 429]);
}

#[tokio::test]
async fn without_a_default_the_other_routes_are_free() {
    let gateway = gateway(None, &[("GET /open", Throttle { burst: 0, ..ONCE })]);
    let requests = [("GET", "/open"), ("POST", "/open"), ("POST", "/open"), ("GET", "/nothing")];
    assert_eq!(statuses(&gateway, &requests).await, [429, 200, 200, 404]);
}

/// The authorizer is protected as well.
#[tokio::test]
async fn a_request_is_throttled_before_it_is_authorized() {
    let gateway = gateway(Some(ONCE), &[]);
    let statuses = [
        gateway.get("/me", &[("authorization", "one")]).await.status.as_u16(),
        gateway.get("/me", &[("authorization", "two")]).await.status.as_u16(),
        gateway.get("/me", &[]).await.status.as_u16(),
    ];
    assert_eq!(statuses, [403, 429, 429]);
    assert_eq!(gateway.functions.events("Authorize").len(), 1);
}

#[tokio::test]
async fn preflights_take_no_token() {
    let gateway = gateway(Some(ONCE), &[]);
    let headers = [("origin", "https://app.example"), ("access-control-request-method", "GET")];
    for _ in 0..3 {
        let preflight = gateway.send(request("OPTIONS", "/open", &headers, "")).await;
        assert_eq!(preflight.status, StatusCode::NO_CONTENT);
    }
    assert_eq!(gateway.get("/open", &[]).await.status, StatusCode::OK);
}
