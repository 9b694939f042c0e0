use std::process::ExitCode;

use identity::{LinkIsOnItsWay, NewRegistration};
use platform::accounts::links::Registrations;
use platform::http::{
    Anyone, Cost, NoParameters, OpenCall, Problem, ProblemType, Reply, Route, StatusCode, serve_open,
};

const ROUTE: Route<Anyone> = Route::post("/registrations", Anyone)
    .answering(StatusCode::ACCEPTED)
    .refusing(&[ProblemType::Forbidden, ProblemType::TooManyRequests])
    .costing(&[Cost::of(4.0, 11.0)]);

fn main() -> ExitCode {
    serve_open(ROUTE, Registrations::open, register_oneself)
}

async fn register_oneself(
    registrations: &'static Registrations,
    call: OpenCall<NoParameters, NewRegistration>,
) -> Result<Reply<LinkIsOnItsWay>, Problem> {
    identity::register_oneself(registrations, &call).await
}
