use std::process::ExitCode;

use content::HistoryParameters;
use domain::Version;
use domain::permission::Permission;
use platform::http::{
    Call, Cost, EventView, NoBody, Problem, ProblemType, Reply, Route, TenantMember, serve,
};
use platform::table::Page;

const ROUTE: Route<TenantMember> = Route::get(
    "/posts/{id}/events",
    TenantMember::holding_either(Permission::PostsWrite, Permission::PostsManage),
)
.refusing(&[ProblemType::NotFound])
.costing(&[Cost::of(1.5, 0.0)]);

fn main() -> ExitCode {
    serve(ROUTE, get_post_history)
}

async fn get_post_history(
    call: Call<HistoryParameters, NoBody>,
) -> Result<Reply<Page<EventView, Version>>, Problem> {
    Ok(Reply::new(content::history(&call).await?))
}
