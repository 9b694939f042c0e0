use super::*;

const MEGABYTE: usize = 1024 * 1024;

#[tokio::test]
async fn a_body_over_ten_megabytes_is_refused() {
    let gateway = Gateway::new(Functions::default());
    let received = gateway.send(request("POST", "/open", &[], vec![b'x'; 10 * MEGABYTE + 1])).await;
    assert_eq!(received.said(), (413, r#"{"message":"Request Entity Too Large"}"#));
}

#[tokio::test]
async fn an_event_over_lambdas_six_megabytes_is_refused() {
    let gateway = Gateway::new(Functions::default());
    let received = gateway.send(request("POST", "/open", &[], vec![b'x'; 5 * MEGABYTE])).await;
    assert_eq!(received.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn headers_over_ten_kilobytes_are_refused() {
    let gateway = Gateway::new(Functions::answering("Open", json!({"statusCode": 200})));
    let large = "x".repeat(10_240);
    assert_eq!(
        gateway.get("/open", &[("x-large", &large)]).await.status,
        StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE
    );
    assert_eq!(gateway.get("/open", &[("x-large", &large[..10_000])]).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_path_that_cannot_be_decoded_is_refused() {
    let gateway = Gateway::new(Functions::default());
    for path in ["/products/%zz", "/products/%ff"] {
        assert_eq!(gateway.get(path, &[]).await.said(), (400, r#"{"message":"Bad Request"}"#), "{path}");
    }
}
