use std::process::ExitCode;

use domain::user::{Command, Role};
use identity::{UserParameters, visible_user};
use platform::http::{Call, Cost, NoBody, Problem, ProblemType, Reply, Route, StatusCode, serve};
use platform::stores::decide_user;
use platform::tenancy::TenantMember;
use platform::views::UserView;

const ROUTE: Route<TenantMember> = Route::post("/users/{id}/deactivation", TenantMember(Role::Admin))
    .answering(StatusCode::OK)
    .conditional()
    .refusing(&[ProblemType::NotFound])
    .costing(&[Cost::when("of a member", 1.0, 6.0), Cost::when("of an admin", 1.0, 8.0)]);

fn main() -> ExitCode {
    serve(ROUTE, deactivate_user)
}

async fn deactivate_user(call: Call<UserParameters, NoBody>) -> Result<Reply<UserView>, Problem> {
    let loaded = visible_user(&call).await?;
    call.admit(loaded.version)?;
    let decision = decide_user(loaded, &Command::Deactivate)?;
    let next = decision.next.clone();
    let reply = Reply::new(UserView::new(next, call.caller.tenant())).version(decision.next.version);
    call.store.users().change(&decision, None, &call.command(&reply)?).await?;
    Ok(reply)
}
