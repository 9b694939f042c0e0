use std::process::ExitCode;

use domain::user::Role;
use platform::accounts::UserView;
use platform::http::{Call, Cost, NoBody, NoParameters, Problem, Reply, Route, TenantMember, serve};

const ROUTE: Route<TenantMember> =
    Route::get("/me", TenantMember(Role::Member)).costing(&[Cost::of(1.0, 0.0)]);

fn main() -> ExitCode {
    serve(ROUTE, get_me)
}

async fn get_me(call: Call<NoParameters, NoBody>) -> Result<Reply<UserView>, Problem> {
    identity::show_own(&call).await
}
