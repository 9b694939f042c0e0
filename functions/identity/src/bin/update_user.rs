use std::process::ExitCode;

use domain::user::{Command, Role};
use identity::{UserChanges, UserParameters, visible_user};
use platform::http::{Call, Cost, Problem, ProblemType, Reply, Route, serve};
use platform::stores::decide_user;
use platform::tenancy::TenantMember;
use platform::views::UserView;

const ROUTE: Route<TenantMember> = Route::patch("/users/{id}", TenantMember(Role::Member))
    .conditional()
    .refusing(&[ProblemType::NotFound])
    .costing(&[Cost::when("of a name", 1.0, 6.0), Cost::when("of a role", 1.0, 8.0)]);

fn main() -> ExitCode {
    serve(ROUTE, update_user)
}

async fn update_user(call: Call<UserParameters, UserChanges>) -> Result<Reply<UserView>, Problem> {
    let loaded = visible_user(&call).await?;
    let UserChanges { name, role } = call.body.clone();
    if role.is_some() && !call.caller.is_admin() {
        return Err(Problem::forbidden("Roles are given by admins; ask one of your tenant's admins."));
    }
    call.admit(loaded.version)?;
    let decision = decide_user(loaded, &Command::Update { name, role })?;
    let next = decision.next.clone();
    let reply = Reply::new(UserView::new(next, call.caller.tenant())).version(decision.next.version);
    call.store.users().change(&decision, None, &call.command(&reply)?).await?;
    Ok(reply)
}
