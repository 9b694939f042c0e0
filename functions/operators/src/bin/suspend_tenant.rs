use std::process::ExitCode;

use domain::operator::Action;
use operators::{SuspensionRequest, TenantParameters, TenantView};
use platform::accounts::Operating;
use platform::http::{
    Conditional, Cost, Operator, OperatorCall, Problem, ProblemType, Reply, Route, serve_operators,
};

const ROUTE: Route<Operator, Conditional> = Route::put("/tenants/{id}/suspension", Operator)
    .conditional()
    .refusing(&[ProblemType::NotFound])
    .costing(&[Cost::of(1.0, 8.0)]);

fn main() -> ExitCode {
    serve_operators(ROUTE, Operating::open, suspend_tenant)
}

async fn suspend_tenant(
    operating: &'static Operating,
    call: OperatorCall<TenantParameters, SuspensionRequest, Conditional>,
) -> Result<Reply<TenantView>, Problem> {
    operators::change(operating, &call, (call.body.command(), Action::SuspendTenant)).await
}
