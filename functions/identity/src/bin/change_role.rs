use std::process::ExitCode;

use domain::permission::Permission;
use identity::{RoleChanges, RoleParameters, RoleView};
use platform::http::{Call, Conditional, Cost, Problem, ProblemType, Reply, Route, TenantMember, serve};

const ROUTE: Route<TenantMember, Conditional> =
    Route::patch("/roles/{id}", TenantMember::holding(Permission::RolesManage))
        .of_identities()
        .conditional()
        .refusing(&[ProblemType::NotFound])
        .costing(&[Cost::of(2.0, 6.0)]);

fn main() -> ExitCode {
    serve(ROUTE, change_role)
}

async fn change_role(
    call: Call<RoleParameters, RoleChanges, Conditional>,
) -> Result<Reply<RoleView>, Problem> {
    identity::change_role(&call).await
}
