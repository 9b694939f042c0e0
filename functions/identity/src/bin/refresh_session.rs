use std::process::ExitCode;

use identity::{RefreshRequest, Session};
use platform::accounts::sign_in::SignIn;
use platform::http::{
    Anyone, Cost, NoParameters, OpenCall, Problem, ProblemType, Reply, Route, StatusCode, serve_open,
};

const ROUTE: Route<Anyone> = Route::post("/sessions/refresh", Anyone)
    .answering(StatusCode::OK)
    .refusing(&[ProblemType::Unauthorized])
    .costing(&[Cost::of(3.0, 1.0)]);

fn main() -> ExitCode {
    serve_open(ROUTE, SignIn::open, refresh_session)
}

async fn refresh_session(
    sign_in: &'static SignIn,
    call: OpenCall<NoParameters, RefreshRequest>,
) -> Result<Reply<Session>, Problem> {
    let tokens = sign_in.refresh(&call.body.refresh_token, call.now()).await?;
    let refused = || Problem::unauthorized("The refresh token is not good any more; sign in again.");
    Ok(Reply::new(tokens.ok_or_else(refused)?.into()))
}
