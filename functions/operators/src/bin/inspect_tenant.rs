use std::process::ExitCode;

use operators::{InspectedView, TenantParameters};
use platform::accounts::Operating;
use platform::http::{
    Cost, NoBody, Operator, OperatorCall, Problem, ProblemType, Reply, Route, serve_operators,
};

const ROUTE: Route<Operator> =
    Route::get("/tenants/{id}", Operator).refusing(&[ProblemType::NotFound]).costing(&[Cost::of(3.5, 0.0)]);

fn main() -> ExitCode {
    serve_operators(ROUTE, Operating::open, inspect_tenant)
}

async fn inspect_tenant(
    operating: &'static Operating,
    call: OperatorCall<TenantParameters, NoBody>,
) -> Result<Reply<InspectedView>, Problem> {
    operators::inspect(operating, &call).await
}
