use std::process::ExitCode;

use comments::{CountParameters, CountsView, MANIFEST};
use domain::permission::Permission;
use platform::http::{Call, Cost, NoBody, Problem, Reply, Route, TenantMember, serve};

const ROUTE: Route<TenantMember> =
    Route::get("/comments/counts", TenantMember::holding(Permission::PostsRead))
        .costing(&[Cost::of(1.0, 0.0)])
        .of_plugin(&MANIFEST);

fn main() -> ExitCode {
    serve(ROUTE, count_comments)
}

async fn count_comments(call: Call<CountParameters, NoBody>) -> Result<Reply<CountsView>, Problem> {
    Ok(Reply::new(comments::count(&call).await?))
}
