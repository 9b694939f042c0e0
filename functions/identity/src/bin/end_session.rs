use std::process::ExitCode;

use identity::RefreshRequest;
use platform::accounts::sign_in::SignOut;
use platform::http::{Anyone, Cost, NoParameters, OpenCall, Problem, Reply, Route, StatusCode, serve_open};

const ROUTE: Route<Anyone> =
    Route::post("/sessions/end", Anyone).answering(StatusCode::NO_CONTENT).costing(&[Cost::of(2.0, 4.0)]);

fn main() -> ExitCode {
    serve_open(ROUTE, SignOut::open, end_session)
}

async fn end_session(
    sign_out: &'static SignOut,
    call: OpenCall<NoParameters, RefreshRequest>,
) -> Result<Reply<()>, Problem> {
    sign_out.sign_out(&call.body.refresh_token, call.now()).await?;
    Ok(Reply::nothing())
}
