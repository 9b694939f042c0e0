use std::process::ExitCode;

use platform::accounts::Operating;
use platform::http::{
    Cost, NoBody, Operator, OperatorCall, Problem, ProblemType, Reply, Route, serve_operators,
};
use usage::{PeriodsView, TenantParameters};

const ROUTE: Route<Operator> = Route::get("/tenants/{id}/usage", Operator)
    .refusing(&[ProblemType::NotFound])
    .costing(&[Cost::of(1.5, 0.0), Cost::when("by hour", 1.5, 0.0)]);

fn main() -> ExitCode {
    serve_operators(ROUTE, Operating::open, get_tenant_usage)
}

async fn get_tenant_usage(
    operating: &'static Operating,
    call: OperatorCall<TenantParameters, NoBody>,
) -> Result<Reply<PeriodsView>, Problem> {
    Ok(Reply::new(usage::of_tenant(operating, &call).await?))
}
