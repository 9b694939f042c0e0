use std::process::ExitCode;

use domain::permission::Permission;
use identity::{NewRole, RoleView};
use platform::http::{Call, Cost, NoParameters, Problem, Reply, Route, TenantMember, serve};

const ROUTE: Route<TenantMember> = Route::post("/roles", TenantMember::holding(Permission::RolesManage))
    .of_identities()
    .costing(&[Cost::of(2.0, 6.0), Cost::when("with a key", 3.0, 8.0)]);

fn main() -> ExitCode {
    serve(ROUTE, define_role)
}

async fn define_role(call: Call<NoParameters, NewRole>) -> Result<Reply<RoleView>, Problem> {
    identity::define_role(&call).await
}
