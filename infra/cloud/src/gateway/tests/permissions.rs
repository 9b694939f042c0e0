//! API Gateway invokes functions by their permissions alone.

use super::*;

const TOKEN: [(&str, &str); 1] = [("authorization", "Bearer good")];

fn functions() -> Functions {
    Functions::answering("Open", json!({"statusCode": 200}))
        .with("Closed", |_| ok(&json!({"statusCode": 200})))
        .with("Authorize", |_| ok(&json!({"isAuthorized": true})))
}

fn without_policy_of(function: &str) -> Gateway {
    let mut stack = stack(api());
    stack.functions.iter_mut().filter(|own| own.logical_id == function).for_each(|own| own.policy = None);
    Gateway::in_front_of(&stack, functions())
}

#[tokio::test]
async fn a_function_without_permission_is_not_invoked() {
    let refused = (500, r#"{"message":"Internal Server Error"}"#);
    let gateway = without_policy_of("Open");
    assert_eq!(gateway.get("/open", &[]).await.said(), refused);
    assert!(gateway.functions.events("Open").is_empty());
    assert_eq!(gateway.get("/me", &TOKEN).await.status, StatusCode::OK);

    let gateway = without_policy_of("Closed");
    assert_eq!(gateway.get("/me", &TOKEN).await.said(), refused);
    assert!(gateway.functions.events("Closed").is_empty());

    let gateway = without_policy_of("Authorize");
    assert_eq!(gateway.get("/me", &TOKEN).await.said(), refused);
    assert!(
        gateway.functions.events("Authorize").is_empty() && gateway.functions.events("Closed").is_empty()
    );
    assert_eq!(gateway.get("/open", &[]).await.status, StatusCode::OK);
}

/// What a permission names is one method and path of one API, or its authorizers.
#[tokio::test]
async fn a_permission_is_for_one_route_or_for_authorizers() {
    let mut granted = api();
    granted.routes.retain(|route| route.method != "POST" && route.path != "/me");
    let mut other = stack(api());
    other.functions = stack(granted).functions;
    let gateway = Gateway::in_front_of(&other, functions());
    let post = request("POST", "/open", &[], "");
    assert_eq!(gateway.send(post).await.status, StatusCode::INTERNAL_SERVER_ERROR, "another method");
    assert_eq!(gateway.get("/open", &[]).await.status, StatusCode::OK);
    assert_eq!(gateway.get("/products/7", &[]).await.status, StatusCode::OK);
    assert_eq!(gateway.get("/orders/7", &TOKEN).await.status, StatusCode::OK);
    assert_eq!(gateway.get("/me", &TOKEN).await.status, StatusCode::INTERNAL_SERVER_ERROR, "another path");

    let mut granted = api();
    granted.logical_id = "OtherApi".into();
    other.functions = stack(granted).functions;
    let gateway = Gateway::in_front_of(&other, functions());
    assert_eq!(gateway.get("/open", &[]).await.status, StatusCode::INTERNAL_SERVER_ERROR, "another API");

    let mut granted = api();
    granted.authorizers.clear();
    granted.routes.push(route("GET /authorize", "Authorize", None));
    other.functions = stack(granted).functions;
    let gateway = Gateway::in_front_of(&other, functions());
    assert_eq!(
        gateway.get("/me", &TOKEN).await.status,
        StatusCode::INTERNAL_SERVER_ERROR,
        "not as authorizer"
    );
}
