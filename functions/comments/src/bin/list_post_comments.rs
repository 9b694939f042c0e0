use std::process::ExitCode;

use comments::{MANIFEST, ThreadPage, ThreadParameters};
use domain::permission::Permission;
use platform::http::{Call, Cost, NoBody, Problem, ProblemType, Reply, Route, TenantMember, serve};

const ROUTE: Route<TenantMember> =
    Route::get("/posts/{id}/comments", TenantMember::holding(Permission::PostsRead))
        .refusing(&[ProblemType::NotFound])
        .costing(&[Cost::of(2.0, 0.0), Cost::when("by a moderator", 1.5, 0.0)])
        .of_plugin(&MANIFEST);

fn main() -> ExitCode {
    serve(ROUTE, list_post_comments)
}

async fn list_post_comments(call: Call<ThreadParameters, NoBody>) -> Result<Reply<ThreadPage>, Problem> {
    Ok(Reply::new(comments::list_on_post(&call).await?))
}
