use std::process::ExitCode;

use domain::permission::Permission;
use identity::RoleParameters;
use platform::http::{
    Call, Conditional, Cost, NoBody, Problem, ProblemType, Reply, Route, StatusCode, TenantMember, serve,
};

const ROUTE: Route<TenantMember, Conditional> =
    Route::delete("/roles/{id}", TenantMember::holding(Permission::RolesManage))
        .of_identities()
        .answering(StatusCode::NO_CONTENT)
        .conditional()
        .refusing(&[ProblemType::NotFound])
        .costing(&[Cost::of(2.0, 8.0)]);

fn main() -> ExitCode {
    serve(ROUTE, remove_role)
}

async fn remove_role(call: Call<RoleParameters, NoBody, Conditional>) -> Result<Reply<()>, Problem> {
    identity::remove_role(&call).await
}
