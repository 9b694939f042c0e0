use std::process::ExitCode;

use domain::permission::Permission;
use identity::people::{self, PeoplePage, PeopleParameters};
use platform::http::{Call, Cost, NoBody, Problem, Reply, Route, TenantMember, serve};

const ROUTE: Route<TenantMember> =
    Route::get("/users", TenantMember::holding(Permission::UsersRead)).of_identities().costing(&[
        Cost::of(1.5, 0.0),
        Cost::when("with a search", 1.5, 0.0),
        Cost::when("with a total", 2.0, 0.0),
    ]);

fn main() -> ExitCode {
    serve(ROUTE, list_users)
}

async fn list_users(call: Call<PeopleParameters, NoBody>) -> Result<Reply<PeoplePage>, Problem> {
    Ok(Reply::new(people::list(&call).await?))
}
