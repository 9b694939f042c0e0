use std::process::ExitCode;

use domain::permission::Permission;
use platform::http::{
    Call, Conditional, Cost, NoBody, Problem, ProblemType, Reply, Route, StatusCode, TenantMember, serve,
};
use plugins::{PluginDetails, PurgeParameters};

const ROUTE: Route<TenantMember, Conditional> =
    Route::delete("/plugins/{name}/data", TenantMember::holding(Permission::TenantManage))
        .of_identities()
        .conditional()
        .answering(StatusCode::ACCEPTED)
        .refusing(&[ProblemType::NotFound])
        .costing(&[Cost::of(3.0, 4.0)]);

fn main() -> ExitCode {
    serve(ROUTE, purge_plugin)
}

async fn purge_plugin(
    call: Call<PurgeParameters, NoBody, Conditional>,
) -> Result<Reply<PluginDetails>, Problem> {
    plugins::ask_for_purge(&call).await
}
