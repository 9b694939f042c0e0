use std::process::ExitCode;

use identity::{LinkIsOnItsWay, PasswordResetRequest};
use platform::accounts::links::LinkRequests;
use platform::http::{
    Anyone, Cost, NoParameters, OpenCall, Problem, ProblemType, Reply, Route, StatusCode, serve_open,
};

const ROUTE: Route<Anyone> = Route::post("/password-resets", Anyone)
    .answering(StatusCode::ACCEPTED)
    .refusing(&[ProblemType::TooManyRequests])
    .costing(&[Cost::of(3.5, 3.0)]);

fn main() -> ExitCode {
    serve_open(ROUTE, LinkRequests::open, request_password_reset)
}

async fn request_password_reset(
    requests: &'static LinkRequests,
    call: OpenCall<NoParameters, PasswordResetRequest>,
) -> Result<Reply<LinkIsOnItsWay>, Problem> {
    identity::request_password_reset(requests, &call).await
}
