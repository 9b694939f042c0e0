use std::process::ExitCode;

use content::{TagJobView, TagMerge, TagParameters};
use domain::permission::Permission;
use platform::http::{Call, Cost, Problem, ProblemType, Reply, Route, StatusCode, TenantMember, serve};

const ROUTE: Route<TenantMember> =
    Route::post("/tags/{slug}/merge", TenantMember::holding(Permission::PostsManage))
        .answering(StatusCode::ACCEPTED)
        .refusing(&[ProblemType::NotFound])
        .costing(&[Cost::of(3.0, 8.0), Cost::when("with a key", 4.0, 10.0)]);

fn main() -> ExitCode {
    serve(ROUTE, merge_tag)
}

async fn merge_tag(call: Call<TagParameters, TagMerge>) -> Result<Reply<TagJobView>, Problem> {
    content::merge_tag(&call).await
}
