use std::process::ExitCode;

use operators::{TierParameters, TierRequest, TiersView};
use platform::http::{Conditional, Cost, Operator, OperatorCall, Problem, Reply, Route, serve_operators};
use platform::table::OperatorRegistry;

const ROUTE: Route<Operator, Conditional> =
    Route::put("/tiers/{name}", Operator).conditional().costing(&[Cost::of(1.0, 4.0)]);

fn main() -> ExitCode {
    serve_operators(ROUTE, OperatorRegistry::open, replace_tier)
}

async fn replace_tier(
    registry: &'static OperatorRegistry,
    call: OperatorCall<TierParameters, TierRequest, Conditional>,
) -> Result<Reply<TiersView>, Problem> {
    operators::replace_tier(registry, &call).await
}
