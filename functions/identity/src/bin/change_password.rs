use std::process::ExitCode;

use domain::user::{Command, Role};
use identity::{NewPassword, own_user};
use platform::http::{Call, Cost, NoParameters, Problem, ProblemType, Reply, Route, StatusCode, serve};
use platform::passwords;
use platform::stores::decide_user;
use platform::tenancy::TenantMember;

const ROUTE: Route<TenantMember> = Route::put("/me/password", TenantMember(Role::Member))
    .answering(StatusCode::NO_CONTENT)
    .refusing(&[ProblemType::Conflict])
    .costing(&[Cost::of(2.0, 6.0)]);

fn main() -> ExitCode {
    serve(ROUTE, change_password)
}

async fn change_password(call: Call<NoParameters, NewPassword>) -> Result<Reply<()>, Problem> {
    let loaded = own_user(&call).await?;
    let entry = call.store.directory().find(&loaded.user.email).await?;
    let present = entry.map(|(_, password)| password);
    if !passwords::verify(present.as_ref(), &call.body.current_password) {
        return Err(Problem::invalid("/currentPassword", "must be the present password"));
    }
    let decision = decide_user(loaded, &Command::ChangePassword { at: call.now() })?;
    let hash = passwords::hash(&call.body.new_password).map_err(Problem::internal)?;
    let reply = Reply::nothing();
    call.store.users().change(&decision, Some(&hash), &call.command(&reply)?).await?;
    Ok(reply)
}
