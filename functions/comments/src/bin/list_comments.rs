use std::process::ExitCode;

use comments::{CommentPage, MANIFEST, QueueParameters};
use domain::permission::Permission;
use platform::http::{Call, Cost, NoBody, Problem, Reply, Route, TenantMember, serve};

const ROUTE: Route<TenantMember> =
    Route::get("/comments", TenantMember::holding(Permission::CommentsModerate))
        .costing(&[Cost::of(2.0, 0.0), Cost::when("with a status", 2.0, 0.0)])
        .of_plugin(&MANIFEST);

fn main() -> ExitCode {
    serve(ROUTE, list_comments)
}

async fn list_comments(call: Call<QueueParameters, NoBody>) -> Result<Reply<CommentPage>, Problem> {
    Ok(Reply::new(comments::list_queue(&call).await?))
}
