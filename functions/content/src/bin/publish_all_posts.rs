use std::process::ExitCode;

use content::Publications;
use domain::id::PostId;
use domain::permission::Permission;
use platform::http::{
    BulkResult, Call, Cost, NoParameters, Problem, Reply, Route, StatusCode, TenantMember, serve,
};

const ROUTE: Route<TenantMember> = Route::post(
    "/posts/publications",
    TenantMember::holding_either(Permission::PostsPublish, Permission::PostsManage),
)
.answering(StatusCode::OK)
.costing(&[
    Cost::when("of one", 1.0, 1.0),
    Cost::when("of twenty", 20.0, 20.0),
    Cost::when("of one, with a key", 2.0, 2.0),
]);

fn main() -> ExitCode {
    serve(ROUTE, publish_all_posts)
}

async fn publish_all_posts(
    call: Call<NoParameters, Publications>,
) -> Result<Reply<BulkResult<PostId>>, Problem> {
    content::publish_all(&call).await
}
