use std::process::ExitCode;

use content::{PostParameters, PostView};
use domain::permission::Permission;
use platform::http::{
    Call, Conditional, Cost, NoBody, Problem, ProblemType, Reply, Route, TenantMember, serve,
};

const ROUTE: Route<TenantMember, Conditional> = Route::delete(
    "/posts/{id}/publication",
    TenantMember::holding_either(Permission::PostsPublish, Permission::PostsManage),
)
.conditional()
.refusing(&[ProblemType::NotFound])
.costing(&[Cost::of(1.5, 1.0)]);

fn main() -> ExitCode {
    serve(ROUTE, unpublish_post)
}

async fn unpublish_post(call: Call<PostParameters, NoBody, Conditional>) -> Result<Reply<PostView>, Problem> {
    content::unpublish(&call).await
}
