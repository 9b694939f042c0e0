use std::process::ExitCode;

use comments::{CommentParameters, MANIFEST};
use domain::permission::Permission;
use platform::http::{
    Call, Conditional, Cost, NoBody, Problem, ProblemType, Reply, Route, StatusCode, TenantMember, serve,
};

const ROUTE: Route<TenantMember, Conditional> = Route::delete(
    "/comments/{id}",
    TenantMember::holding_either(Permission::CommentsWrite, Permission::CommentsModerate),
)
.answering(StatusCode::NO_CONTENT)
.conditional()
.refusing(&[ProblemType::NotFound])
.costing(&[Cost::of(1.5, 11.0)])
.of_plugin(&MANIFEST);

fn main() -> ExitCode {
    serve(ROUTE, delete_comment)
}

async fn delete_comment(call: Call<CommentParameters, NoBody, Conditional>) -> Result<Reply<()>, Problem> {
    comments::delete(&call).await
}
