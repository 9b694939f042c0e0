use std::process::ExitCode;

use comments::{CommentParameters, CommentView, MANIFEST};
use domain::permission::Permission;
use platform::http::{Call, Cost, NoBody, Problem, ProblemType, Reply, Route, TenantMember, serve};

const ROUTE: Route<TenantMember> = Route::get("/comments/{id}", TenantMember::holding(Permission::PostsRead))
    .refusing(&[ProblemType::NotFound])
    .costing(&[Cost::of(2.5, 0.0)])
    .of_plugin(&MANIFEST);

fn main() -> ExitCode {
    serve(ROUTE, get_comment)
}

async fn get_comment(call: Call<CommentParameters, NoBody>) -> Result<Reply<CommentView>, Problem> {
    comments::find(&call).await
}
