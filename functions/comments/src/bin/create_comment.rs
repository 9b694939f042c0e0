use std::process::ExitCode;

use comments::{CommentView, MANIFEST, NewCommentBody, PostParameters};
use domain::id::CommentId;
use domain::permission::Permission;
use platform::http::{Call, Cost, Problem, ProblemType, Reply, Route, TenantMember, serve_rereading};

const ROUTE: Route<TenantMember> =
    Route::post("/posts/{id}/comments", TenantMember::holding(Permission::CommentsWrite))
        .refusing(&[ProblemType::NotFound])
        .costing(&[
            Cost::when("that waits", 2.0, 10.0),
            Cost::when("that is shown", 2.0, 12.0),
            Cost::when("that is shown, in reply", 3.5, 12.0),
            Cost::when("that is shown, with a key", 3.0, 14.0),
        ])
        .of_plugin(&MANIFEST);

fn main() -> ExitCode {
    serve_rereading(ROUTE, create_comment, show_again)
}

type Creating = Call<PostParameters, NewCommentBody>;

async fn create_comment(call: Creating) -> Result<Reply<CommentView>, Problem> {
    comments::create(&call).await
}

async fn show_again(call: Creating, id: CommentId) -> Result<Reply<CommentView>, Problem> {
    comments::show(&call, id).await
}
