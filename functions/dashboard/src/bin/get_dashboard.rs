use std::process::ExitCode;

use dashboard::{Dashboard, View};
use platform::http::{Call, Cost, NoBody, Problem, Reply, Route, TenantMember, serve};
use schemars::JsonSchema;
use serde::Deserialize;

const ROUTE: Route<TenantMember> =
    Route::get("/bff/dashboard", TenantMember::ANY).costing(&[Cost::of(1.5, 0.0)]);

fn main() -> ExitCode {
    serve(ROUTE, get_dashboard)
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Parameters {
    view: View,
}

async fn get_dashboard(call: Call<Parameters, NoBody>) -> Result<Reply<Dashboard>, Problem> {
    Ok(Reply::new(Dashboard::read(&call.store, call.principal, call.parameters.view).await))
}
