use std::process::ExitCode;

use domain::permission::Permission;
use platform::http::{Call, Conditional, Cost, Problem, ProblemType, Reply, Route, TenantMember, serve};
use plugins::{PluginDetails, PluginParameters, PluginSettings};

const ROUTE: Route<TenantMember, Conditional> =
    Route::put("/plugins/{name}", TenantMember::holding(Permission::TenantManage))
        .of_identities()
        .conditional()
        .refusing(&[ProblemType::NotFound, ProblemType::FeatureNotIncluded])
        .costing(&[Cost::of(3.0, 4.0), Cost::when("with a configuration", 3.0, 6.0)]);

fn main() -> ExitCode {
    serve(ROUTE, change_plugin)
}

async fn change_plugin(
    call: Call<PluginParameters, PluginSettings, Conditional>,
) -> Result<Reply<PluginDetails>, Problem> {
    plugins::change(&call).await
}
