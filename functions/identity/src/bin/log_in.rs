use std::process::ExitCode;

use identity::{LogIn, Session};
use platform::accounts::sign_in::{Caller, Refused, SignIn};
use platform::http::{Anyone, Cost, NoParameters, OpenCall, Problem, ProblemType, Reply, Route, serve_open};

const ROUTE: Route<Anyone> = Route::post("/sessions", Anyone)
    .refusing(&[ProblemType::Unauthorized, ProblemType::TooManyRequests])
    .costing(&[
        Cost::of(4.5, 4.0),
        Cost::when("from a new address", 4.5, 5.0),
        Cost::when("of a user with 100 sessions", 9.0, 8.0),
    ]);

fn main() -> ExitCode {
    serve_open(ROUTE, SignIn::open, log_in)
}

async fn log_in(
    sign_in: &'static SignIn,
    call: OpenCall<NoParameters, LogIn>,
) -> Result<Reply<Session>, Problem> {
    let caller = Caller { source: call.source, device: call.device.clone(), now: call.now() };
    let LogIn { tenant, email, password } = &call.body;
    match sign_in.sign_in(tenant, email, password, caller).await? {
        Ok(tokens) => Ok(Reply::new(tokens.into())),
        Err(Refused::Unknown) => {
            Err(Problem::unauthorized("Tenant, e-mail address and password do not belong together."))
        }
        Err(Refused::Wait(seconds)) => Err(Problem::too_many_attempts(seconds)),
    }
}
