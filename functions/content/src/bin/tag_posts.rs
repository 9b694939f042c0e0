use std::process::ExitCode;

use content::Taggings;
use domain::id::PostId;
use domain::permission::Permission;
use platform::http::{
    BulkResult, Call, Cost, NoParameters, Problem, Reply, Route, StatusCode, TenantMember, serve,
};

const ROUTE: Route<TenantMember> = Route::post(
    "/posts/taggings",
    TenantMember::holding_either(Permission::PostsWrite, Permission::PostsManage),
)
.answering(StatusCode::OK)
.costing(&[
    Cost::when("of one", 1.5, 1.0),
    Cost::when("of one that has the tag", 1.5, 0.0),
    Cost::when("of one, with a key", 2.5, 2.0),
]);

fn main() -> ExitCode {
    serve(ROUTE, tag_posts)
}

async fn tag_posts(call: Call<NoParameters, Taggings>) -> Result<Reply<BulkResult<PostId>>, Problem> {
    content::tag_all(&call).await
}
