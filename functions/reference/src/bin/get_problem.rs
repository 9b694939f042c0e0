use std::process::ExitCode;

use platform::http::{Anyone, Cost, NoBody, OpenCall, Problem, ProblemType, Reply, Route, serve_open};
use schemars::JsonSchema;
use serde::Deserialize;

const ROUTE: Route<Anyone> = Route::get("/problems/{type}", Anyone)
    .verbatim("text/html; charset=utf-8")
    .refusing(&[ProblemType::NotFound])
    .costing(&[Cost::of(0.0, 0.0)]);

fn main() -> ExitCode {
    serve_open(ROUTE, || Ok(()), get_problem)
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Parameters {
    #[schemars(example = "not-found")]
    r#type: String,
}

async fn get_problem(_: &'static (), call: OpenCall<Parameters, NoBody>) -> Result<Reply<String>, Problem> {
    let page = reference::page(&call.parameters.r#type);
    Ok(Reply::new(page.ok_or_else(|| Problem::not_found("type of problem"))?))
}
