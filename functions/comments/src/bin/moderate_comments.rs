use std::process::ExitCode;

use comments::{MANIFEST, Moderation, moderate_all};
use domain::id::CommentId;
use domain::permission::Permission;
use platform::http::{
    BulkResult, Call, Cost, NoParameters, Problem, Reply, Route, StatusCode, TenantMember, serve,
};

const ROUTE: Route<TenantMember> =
    Route::post("/comments/moderation", TenantMember::holding(Permission::CommentsModerate))
        .answering(StatusCode::OK)
        .costing(&[
            Cost::when("of one", 2.0, 12.0),
            Cost::when("of two", 4.0, 24.0),
            Cost::when("of one, with a key", 3.0, 13.0),
        ])
        .of_plugin(&MANIFEST);

fn main() -> ExitCode {
    serve(ROUTE, moderate_comments)
}

async fn moderate_comments(
    call: Call<NoParameters, Moderation>,
) -> Result<Reply<BulkResult<CommentId>>, Problem> {
    moderate_all(&call).await
}
