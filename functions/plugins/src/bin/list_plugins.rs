use std::process::ExitCode;

use domain::permission::Permission;
use platform::http::{Call, Cost, NoBody, NoParameters, Problem, Reply, Route, TenantMember, serve};
use plugins::PluginList;

const ROUTE: Route<TenantMember> =
    Route::get("/plugins", TenantMember::holding(Permission::TenantManage)).costing(&[Cost::of(1.5, 0.0)]);

fn main() -> ExitCode {
    serve(ROUTE, list_plugins)
}

async fn list_plugins(call: Call<NoParameters, NoBody>) -> Result<Reply<PluginList>, Problem> {
    plugins::list(&call).await
}
