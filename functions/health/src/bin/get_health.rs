use std::process::ExitCode;

use platform::health::{Check, Health};
use platform::http::{
    Anyone, Cost, NoBody, NoParameters, OpenCall, Problem, Reply, Route, StatusCode, serve_open,
};
use schemars::JsonSchema;
use serde::Serialize;

const ROUTE: Route<Anyone> = Route::get("/health", Anyone)
    .or_answering(StatusCode::SERVICE_UNAVAILABLE)
    .costing(&[Cost::of(1.0, 0.0), Cost::when("again within five seconds", 0.0, 0.0)]);

fn main() -> ExitCode {
    serve_open(ROUTE, Health::open, get_health)
}

#[derive(Serialize, JsonSchema)]
struct Report {
    status: &'static str,
    checks: [Check; 2],
}

async fn get_health(
    health: &'static Health,
    _: OpenCall<NoParameters, NoBody>,
) -> Result<Reply<Report>, Problem> {
    let checks = health.checks().await;
    let (status, code) = match checks.iter().all(Check::is_ok) {
        true => ("ok", StatusCode::OK),
        false => ("failing", StatusCode::SERVICE_UNAVAILABLE),
    };
    Ok(Reply::new(Report { status, checks }).with_status(code))
}
