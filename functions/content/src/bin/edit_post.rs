use std::process::ExitCode;

use content::{LARGEST_BODY, PostChange, PostParameters, PostView};
use domain::permission::Permission;
use platform::http::{Call, Conditional, Cost, Problem, ProblemType, Reply, Route, TenantMember, serve};

const ROUTE: Route<TenantMember, Conditional> = Route::patch(
    "/posts/{id}",
    TenantMember::holding_either(Permission::PostsWrite, Permission::PostsManage),
)
.conditional()
.taking(LARGEST_BODY)
.refusing(&[ProblemType::NotFound])
.costing(&[
    Cost::of(1.5, 1.0),
    Cost::when("with a tag", 2.0, 1.0),
    Cost::when("with another slug", 1.5, 6.0),
]);

fn main() -> ExitCode {
    serve(ROUTE, edit_post)
}

async fn edit_post(call: Call<PostParameters, PostChange, Conditional>) -> Result<Reply<PostView>, Problem> {
    content::edit(&call).await
}
