use std::process::ExitCode;

use domain::user::Role;
use identity::{UserParameters, visible_user};
use platform::http::{Call, Cost, NoBody, Problem, ProblemType, Reply, Route, serve};
use platform::tenancy::TenantMember;
use platform::views::UserView;

const ROUTE: Route<TenantMember> = Route::get("/users/{id}", TenantMember(Role::Member))
    .refusing(&[ProblemType::NotFound])
    .costing(&[Cost::of(1.0, 0.0)]);

fn main() -> ExitCode {
    serve(ROUTE, get_user)
}

async fn get_user(call: Call<UserParameters, NoBody>) -> Result<Reply<UserView>, Problem> {
    let loaded = visible_user(&call).await?;
    let version = loaded.version;
    Ok(Reply::new(UserView::new(loaded, call.caller.tenant())).version(version))
}
