use std::process::ExitCode;

use domain::user::Role;
use platform::http::{Call, Cost, NoBody, NoParameters, Problem, Reply, Route, serve};
use platform::tenancy::TenantMember;
use platform::views::UserView;

const ROUTE: Route<TenantMember> =
    Route::get("/me", TenantMember(Role::Member)).costing(&[Cost::of(1.0, 0.0)]);

fn main() -> ExitCode {
    serve(ROUTE, get_me)
}

async fn get_me(call: Call<NoParameters, NoBody>) -> Result<Reply<UserView>, Problem> {
    let user = call.store.users().get(call.caller.user()).await?;
    let user = user.ok_or_else(|| Problem::not_found("user"))?;
    Ok(Reply::new(UserView::new(user, call.caller.tenant())))
}
