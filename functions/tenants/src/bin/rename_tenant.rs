use std::process::ExitCode;

use domain::permission::Permission;
use platform::http::{Call, Conditional, Cost, NoParameters, Problem, Reply, Route, TenantMember, serve};
use tenants::{TenantChanges, TenantView};

const ROUTE: Route<TenantMember, Conditional> =
    Route::patch("/tenant", TenantMember::holding(Permission::TenantManage))
        .of_identities()
        .conditional()
        .costing(&[Cost::of(1.0, 4.0)]);

fn main() -> ExitCode {
    serve(ROUTE, rename_tenant)
}

async fn rename_tenant(
    call: Call<NoParameters, TenantChanges, Conditional>,
) -> Result<Reply<TenantView>, Problem> {
    tenants::rename(&call).await
}
