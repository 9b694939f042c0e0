use std::process::ExitCode;

use domain::permission::Permission;
use domain::text::Email;
use identity::ListParameters;
use platform::accounts::UserView;
use platform::http::{Call, Cost, NoBody, Problem, Reply, Route, TenantMember, serve};
use platform::table::Page;

const ROUTE: Route<TenantMember> = Route::get("/users", TenantMember::holding(Permission::UsersRead))
    .of_identities()
    .costing(&[Cost::of(1.0, 0.0)]);

fn main() -> ExitCode {
    serve(ROUTE, list_users)
}

async fn list_users(call: Call<ListParameters, NoBody>) -> Result<Reply<Page<UserView, Email>>, Problem> {
    Ok(Reply::new(identity::list(&call).await?))
}
