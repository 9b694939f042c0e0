use std::process::ExitCode;

use platform::http::{Anyone, Cost, NoBody, NoParameters, OpenCall, Problem, Reply, Route, serve_open};

const ROUTE: Route<Anyone> =
    Route::get("/openapi.json", Anyone).verbatim("application/json").costing(&[Cost::of(0.0, 0.0)]);

/// Made by `make contract`.
const DOCUMENT: &str = include_str!("../../../../docs/api/openapi.json");

fn main() -> ExitCode {
    serve_open(ROUTE, || Ok(()), get_openapi)
}

async fn get_openapi(
    _: &'static (),
    _: OpenCall<NoParameters, NoBody>,
) -> Result<Reply<&'static str>, Problem> {
    Ok(Reply::new(DOCUMENT))
}
