use std::process::ExitCode;

use domain::permission::Permission;
use platform::http::{Call, Cost, NoBody, Problem, Reply, Route, TenantMember, serve};
use usage::{OwnView, Parameters};

const ROUTE: Route<TenantMember> =
    Route::get("/tenant/usage", TenantMember::holding(Permission::TenantManage))
        .costing(&[Cost::of(1.5, 0.0)]);

fn main() -> ExitCode {
    serve(ROUTE, get_usage)
}

async fn get_usage(call: Call<Parameters, NoBody>) -> Result<Reply<OwnView>, Problem> {
    Ok(Reply::new(usage::of_own_tenant(&call).await?))
}
