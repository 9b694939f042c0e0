use std::process::ExitCode;

use identity::{RoleView, ShownRole};
use platform::http::{Call, Cost, NoBody, Problem, ProblemType, Reply, Route, TenantMember, serve};

const ROUTE: Route<TenantMember> = Route::get("/roles/{id}", TenantMember::ANY)
    .refusing(&[ProblemType::NotFound])
    .costing(&[Cost::of(1.0, 0.0)]);

fn main() -> ExitCode {
    serve(ROUTE, get_role)
}

async fn get_role(call: Call<ShownRole, NoBody>) -> Result<Reply<RoleView>, Problem> {
    identity::show_role(&call).await
}
