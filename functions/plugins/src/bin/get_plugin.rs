use std::process::ExitCode;

use domain::permission::Permission;
use platform::http::{Call, Cost, NoBody, Problem, ProblemType, Reply, Route, TenantMember, serve};
use plugins::{PluginDetails, PluginParameters};

const ROUTE: Route<TenantMember> =
    Route::get("/plugins/{name}", TenantMember::holding(Permission::TenantManage))
        .refusing(&[ProblemType::NotFound])
        .costing(&[Cost::of(3.0, 0.0)]);

fn main() -> ExitCode {
    serve(ROUTE, get_plugin)
}

async fn get_plugin(call: Call<PluginParameters, NoBody>) -> Result<Reply<PluginDetails>, Problem> {
    plugins::show(&call).await
}
