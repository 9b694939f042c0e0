use std::process::ExitCode;

use domain::text::Email;
use domain::user::Role;
use identity::ListParameters;
use platform::http::{Call, Cost, NoBody, Problem, Reply, Route, serve};
use platform::stores::Page;
use platform::tenancy::TenantMember;
use platform::views::UserView;

const ROUTE: Route<TenantMember> =
    Route::get("/users", TenantMember(Role::Admin)).costing(&[Cost::of(0.5, 0.0)]);

fn main() -> ExitCode {
    serve(ROUTE, list_users)
}

async fn list_users(call: Call<ListParameters, NoBody>) -> Result<Reply<Page<UserView, Email>>, Problem> {
    let ListParameters { limit, cursor, email } = &call.parameters;
    let page = call.store.directory().list(email.as_ref(), limit.get(), cursor.as_ref()).await?;
    Ok(Reply::new(page.map(|loaded| UserView::new(loaded, call.caller.tenant()))))
}
