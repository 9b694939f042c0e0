use std::process::ExitCode;

use operators::TiersView;
use platform::http::{
    Cost, NoBody, NoParameters, Operator, OperatorCall, Problem, Reply, Route, serve_operators,
};
use platform::table::OperatorRegistry;

const ROUTE: Route<Operator> = Route::get("/tiers", Operator).costing(&[Cost::of(1.0, 0.0)]);

fn main() -> ExitCode {
    serve_operators(ROUTE, OperatorRegistry::open, list_tiers)
}

async fn list_tiers(
    registry: &'static OperatorRegistry,
    call: OperatorCall<NoParameters, NoBody>,
) -> Result<Reply<TiersView>, Problem> {
    operators::show_tiers(registry, &call).await
}
