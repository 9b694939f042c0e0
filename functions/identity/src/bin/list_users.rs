use std::process::ExitCode;

use domain::text::Email;
use domain::user::Role;
use identity::ListParameters;
use platform::accounts::UserView;
use platform::http::{Call, Cost, NoBody, Problem, Reply, Route, TenantMember, serve};
use platform::table::Page;

const ROUTE: Route<TenantMember> =
    Route::get("/users", TenantMember(Role::Admin)).of_identities().costing(&[Cost::of(0.5, 0.0)]);

fn main() -> ExitCode {
    serve(ROUTE, list_users)
}

async fn list_users(call: Call<ListParameters, NoBody>) -> Result<Reply<Page<UserView, Email>>, Problem> {
    Ok(Reply::new(identity::list(&call).await?))
}
