use std::process::ExitCode;

use comments::{CommentPage, MANIFEST, OwnParameters};
use platform::http::{Call, Cost, NoBody, Problem, Reply, Route, TenantMember, serve};

const ROUTE: Route<TenantMember> =
    Route::get("/me/comments", TenantMember::ANY).costing(&[Cost::of(1.5, 0.0)]).of_plugin(&MANIFEST);

fn main() -> ExitCode {
    serve(ROUTE, list_own_comments)
}

async fn list_own_comments(call: Call<OwnParameters, NoBody>) -> Result<Reply<CommentPage>, Problem> {
    Ok(Reply::new(comments::list_own(&call).await?))
}
