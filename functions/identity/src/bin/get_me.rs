use std::process::ExitCode;

use domain::user::Role;
use identity::own_user;
use platform::http::{Call, Cost, NoBody, NoParameters, Problem, Reply, Route, serve};
use platform::tenancy::TenantMember;
use platform::views::UserView;

const ROUTE: Route<TenantMember> =
    Route::get("/me", TenantMember(Role::Member)).costing(&[Cost::of(1.0, 0.0)]);

fn main() -> ExitCode {
    serve(ROUTE, get_me)
}

async fn get_me(call: Call<NoParameters, NoBody>) -> Result<Reply<UserView>, Problem> {
    let loaded = own_user(&call).await?;
    let version = loaded.version;
    Ok(Reply::new(UserView::new(loaded, call.caller.tenant())).version(version))
}
