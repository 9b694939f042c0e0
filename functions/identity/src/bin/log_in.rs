use std::process::ExitCode;

use identity::{LogIn, Session};
use platform::accounts::sign_in::SignIn;
use platform::http::{Anyone, Cost, NoParameters, OpenCall, Problem, ProblemType, Reply, Route, serve_open};

const ROUTE: Route<Anyone> =
    Route::post("/sessions", Anyone).refusing(&[ProblemType::Unauthorized]).costing(&[Cost::of(2.0, 1.0)]);

fn main() -> ExitCode {
    serve_open(ROUTE, SignIn::open, log_in)
}

async fn log_in(
    sign_in: &'static SignIn,
    call: OpenCall<NoParameters, LogIn>,
) -> Result<Reply<Session>, Problem> {
    let LogIn { tenant, email, password } = &call.body;
    let tokens = sign_in.sign_in(tenant, email, password, call.now()).await?;
    let refused = || Problem::unauthorized("Tenant, e-mail address and password do not belong together.");
    Ok(Reply::new(tokens.ok_or_else(refused)?.into()))
}
