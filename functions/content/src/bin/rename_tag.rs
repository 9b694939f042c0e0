use std::process::ExitCode;

use content::{NewTagName, TagJobView, TagParameters};
use domain::permission::Permission;
use platform::http::{Call, Cost, Problem, ProblemType, Reply, Route, StatusCode, TenantMember, serve};

const ROUTE: Route<TenantMember> =
    Route::patch("/tags/{slug}", TenantMember::holding(Permission::PostsManage))
        .answering(StatusCode::ACCEPTED)
        .refusing(&[ProblemType::NotFound, ProblemType::Conflict])
        .costing(&[Cost::of(2.0, 8.0), Cost::when("in another spelling", 1.5, 6.0)]);

fn main() -> ExitCode {
    serve(ROUTE, rename_tag)
}

async fn rename_tag(call: Call<TagParameters, NewTagName>) -> Result<Reply<TagJobView>, Problem> {
    content::rename_tag(&call).await
}
