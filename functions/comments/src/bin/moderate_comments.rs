use std::process::ExitCode;

use comments::{MANIFEST, ModeratedItem, ModeratedView, Moderation, moderate_all, show_moderated};
use domain::permission::Permission;
use platform::http::{
    Call, Cost, NoParameters, Problem, Reply, Route, StatusCode, TenantMember, serve_rereading,
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
    serve_rereading(ROUTE, moderate_comments, show_again)
}

async fn moderate_comments(call: Call<NoParameters, Moderation>) -> Result<Reply<ModeratedView>, Problem> {
    moderate_all(&call).await
}

async fn show_again(
    _: Call<NoParameters, Moderation>,
    items: Vec<ModeratedItem>,
) -> Result<Reply<ModeratedView>, Problem> {
    Ok(show_moderated(&items))
}
