use std::process::ExitCode;

use domain::id::TenantId;
use operators::{ListParameters, ListedTenantView};
use platform::http::{Cost, NoBody, Operator, OperatorCall, Problem, Reply, Route, serve_operators};
use platform::table::{OperatorRegistry, Page};

const ROUTE: Route<Operator> = Route::get("/tenants", Operator).costing(&[
    Cost::of(0.5, 0.0),
    Cost::when("of one name", 1.0, 0.0),
    Cost::when("of one slug", 2.0, 0.0),
]);

fn main() -> ExitCode {
    serve_operators(ROUTE, OperatorRegistry::open, list_tenants)
}

async fn list_tenants(
    registry: &'static OperatorRegistry,
    call: OperatorCall<ListParameters, NoBody>,
) -> Result<Reply<Page<ListedTenantView, TenantId>>, Problem> {
    Ok(Reply::new(operators::list(registry, call).await?))
}
