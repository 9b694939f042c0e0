use axum::Router;
use axum::extract::Path as Segment;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::post;
use tokio::net::TcpListener;

use super::*;
use crate::compute::CargoLambda;

async fn watch(binary: &str, answer: impl IntoResponse + Clone + Send + Sync + 'static) -> CargoLambda {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let handler = async move |Segment(name): Segment<String>, body: Bytes| {
        assert_eq!((name.as_str(), &body[..]), ("get_me", &b"{}"[..]));
        answer.clone()
    };
    let router = Router::new().route("/2015-03-31/functions/{name}/invocations", post(handler));
    tokio::spawn(async move { axum::serve(listener, router).await });
    let mut function = function();
    function.binary = binary.into();
    function.timeout = Duration::from_secs(1);
    CargoLambda::new(Arc::new(stack(function)), url).unwrap()
}

async fn call(watch: &CargoLambda) -> Result<Bytes, InvokeError> {
    watch.invoke("GetMeFunction", Bytes::from_static(b"{}")).await
}

#[tokio::test]
async fn posts_the_event_to_the_binary() {
    assert_eq!(call(&watch("get_me", "{\"ok\":true}").await).await, Ok(Bytes::from_static(b"{\"ok\":true}")));
}

#[tokio::test]
async fn reports_an_error_by_header_or_status() {
    let error = Err(InvokeError::Function("{}".into()));
    assert_eq!(call(&watch("get_me", ([("x-amz-function-error", "Unhandled")], "{}")).await).await, error);
    assert_eq!(call(&watch("get_me", (StatusCode::INTERNAL_SERVER_ERROR, "{}")).await).await, error);
}

#[tokio::test]
async fn names_a_binary_that_watch_does_not_know() {
    let error = call(&watch("get_me", StatusCode::NOT_FOUND).await).await.unwrap_err();
    assert!(matches!(&error, InvokeError::Unavailable(why) if why.contains("get_me")), "{error}");
}

#[tokio::test]
async fn says_when_watch_does_not_run() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let error = call(&CargoLambda::new(Arc::new(stack(function())), url).unwrap()).await.unwrap_err();
    assert!(matches!(&error, InvokeError::Unavailable(why) if why.contains("is it running?")), "{error}");
}

#[tokio::test]
async fn gives_up_after_the_functions_time_out() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let mut function = function();
    function.timeout = Duration::from_millis(50);
    let mut watch = CargoLambda::new(Arc::new(stack(function)), url).unwrap();
    watch.compilation = Duration::ZERO;
    assert_eq!(call(&watch).await, Err(InvokeError::TimedOut));
}

#[test]
fn no_two_functions_share_a_binary() {
    let mut stack = stack(function());
    stack.functions.push(Function { logical_id: "OtherFunction".into(), ..function() });
    let error = CargoLambda::new(Arc::new(stack), "http://127.0.0.1:9".into()).err().unwrap();
    assert!(error.to_string().contains("OtherFunction have one binary"), "{error}");
}
