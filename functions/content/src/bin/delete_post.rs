use std::process::ExitCode;

use content::PostParameters;
use domain::permission::Permission;
use platform::http::{
    Call, Conditional, Cost, NoBody, Problem, ProblemType, Reply, Route, StatusCode, TenantMember, serve,
};

const ROUTE: Route<TenantMember, Conditional> = Route::delete(
    "/posts/{id}",
    TenantMember::holding_either(Permission::PostsWrite, Permission::PostsManage),
)
.answering(StatusCode::NO_CONTENT)
.conditional()
.refusing(&[ProblemType::NotFound])
.costing(&[Cost::of(1.0, 4.0)]);

fn main() -> ExitCode {
    serve(ROUTE, delete_post)
}

async fn delete_post(call: Call<PostParameters, NoBody, Conditional>) -> Result<Reply<()>, Problem> {
    content::delete(&call).await
}
