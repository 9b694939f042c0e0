use std::process::ExitCode;

use content::{PostParameters, PostView, Publication};
use domain::permission::Permission;
use platform::http::{Call, Conditional, Cost, Problem, ProblemType, Reply, Route, TenantMember, serve};

const ROUTE: Route<TenantMember, Conditional> = Route::put(
    "/posts/{id}/publication",
    TenantMember::holding_either(Permission::PostsPublish, Permission::PostsManage),
)
.conditional()
.refusing(&[ProblemType::NotFound])
.costing(&[Cost::of(1.5, 1.0)]);

fn main() -> ExitCode {
    serve(ROUTE, publish_post)
}

async fn publish_post(
    call: Call<PostParameters, Publication, Conditional>,
) -> Result<Reply<PostView>, Problem> {
    content::publish(&call).await
}
