use std::process::ExitCode;

use content::{PostParameters, PostView, Restoration};
use domain::id::PostId;
use domain::permission::Permission;
use platform::http::{
    Call, Conditional, Cost, Problem, ProblemType, Reply, Route, StatusCode, TenantMember, serve_rereading,
};

const ROUTE: Route<TenantMember, Conditional> = Route::post(
    "/posts/{id}/restoration",
    TenantMember::holding_either(Permission::PostsWrite, Permission::PostsManage),
)
.answering(StatusCode::OK)
.conditional()
.refusing(&[ProblemType::NotFound])
.costing(&[Cost::of(2.5, 1.0), Cost::when("with a key", 3.5, 4.0)]);

fn main() -> ExitCode {
    serve_rereading(ROUTE, restore_post, show_again)
}

type Restoring = Call<PostParameters, Restoration, Conditional>;

async fn restore_post(call: Restoring) -> Result<Reply<PostView>, Problem> {
    content::restore(&call).await
}

async fn show_again(call: Restoring, id: PostId) -> Result<Reply<PostView>, Problem> {
    content::show(&call, id).await
}
