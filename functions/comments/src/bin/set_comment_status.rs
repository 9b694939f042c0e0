use std::process::ExitCode;

use comments::{ChosenStatus, CommentParameters, CommentView, MANIFEST};
use domain::permission::Permission;
use platform::http::{Call, Conditional, Cost, Problem, ProblemType, Reply, Route, TenantMember, serve};

const ROUTE: Route<TenantMember, Conditional> =
    Route::put("/comments/{id}/status", TenantMember::holding(Permission::CommentsModerate))
        .conditional()
        .refusing(&[ProblemType::NotFound])
        .costing(&[Cost::of(2.5, 12.0)])
        .of_plugin(&MANIFEST);

fn main() -> ExitCode {
    serve(ROUTE, set_comment_status)
}

async fn set_comment_status(
    call: Call<CommentParameters, ChosenStatus, Conditional>,
) -> Result<Reply<CommentView>, Problem> {
    comments::moderate(&call).await
}
