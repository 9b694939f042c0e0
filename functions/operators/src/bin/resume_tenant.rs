use std::process::ExitCode;

use domain::operator::Action;
use domain::tenant::Command;
use operators::{TenantParameters, TenantView};
use platform::accounts::Operating;
use platform::http::{
    Conditional, Cost, NoBody, Operator, OperatorCall, Problem, ProblemType, Reply, Route, serve_operators,
};

const ROUTE: Route<Operator, Conditional> = Route::delete("/tenants/{id}/suspension", Operator)
    .conditional()
    .refusing(&[ProblemType::NotFound])
    .costing(&[Cost::of(1.0, 8.0)]);

fn main() -> ExitCode {
    serve_operators(ROUTE, Operating::open, resume_tenant)
}

async fn resume_tenant(
    operating: &'static Operating,
    call: OperatorCall<TenantParameters, NoBody, Conditional>,
) -> Result<Reply<TenantView>, Problem> {
    operators::change(operating, &call, (Command::Resume, Action::ResumeTenant)).await
}
