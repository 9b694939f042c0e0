use std::process::ExitCode;

use content::{TagJobParameters, TagJobView};
use domain::permission::Permission;
use platform::http::{Call, Cost, NoBody, Problem, ProblemType, Reply, Route, TenantMember, serve};

const ROUTE: Route<TenantMember> =
    Route::get("/tag-jobs/{id}", TenantMember::holding(Permission::PostsManage))
        .refusing(&[ProblemType::NotFound])
        .costing(&[Cost::of(1.0, 0.0)]);

fn main() -> ExitCode {
    serve(ROUTE, get_tag_job)
}

async fn get_tag_job(call: Call<TagJobParameters, NoBody>) -> Result<Reply<TagJobView>, Problem> {
    content::show_tag_job(&call).await
}
