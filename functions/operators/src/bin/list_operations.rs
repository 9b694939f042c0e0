use std::process::ExitCode;

use domain::audit::AuditPosition;
use operators::{OperationView, OperationsParameters};
use platform::http::{Cost, NoBody, Operator, OperatorCall, Problem, Reply, Route, serve_operators};
use platform::table::{OperatorRegistry, Page};

const ROUTE: Route<Operator> = Route::get("/operators/audit", Operator)
    .costing(&[Cost::of(0.5, 0.0), Cost::when("of one tenant, past the others of a screen", 1.5, 0.0)]);

fn main() -> ExitCode {
    serve_operators(ROUTE, OperatorRegistry::open, list_operations)
}

async fn list_operations(
    registry: &'static OperatorRegistry,
    call: OperatorCall<OperationsParameters, NoBody>,
) -> Result<Reply<Page<OperationView, AuditPosition>>, Problem> {
    Ok(Reply::new(operators::list_operations(registry, call).await?))
}
