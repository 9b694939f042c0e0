use std::process::ExitCode;

use comments::{CommentChange, CommentParameters, CommentView, MANIFEST};
use domain::permission::Permission;
use platform::http::{Call, Conditional, Cost, Problem, ProblemType, Reply, Route, TenantMember, serve};

const ROUTE: Route<TenantMember, Conditional> =
    Route::patch("/comments/{id}", TenantMember::holding(Permission::CommentsWrite))
        .conditional()
        .refusing(&[ProblemType::NotFound])
        .costing(&[Cost::of(3.5, 5.0)])
        .of_plugin(&MANIFEST);

fn main() -> ExitCode {
    serve(ROUTE, edit_comment)
}

async fn edit_comment(
    call: Call<CommentParameters, CommentChange, Conditional>,
) -> Result<Reply<CommentView>, Problem> {
    comments::edit(&call).await
}
