use std::process::ExitCode;

use domain::user::Role;
use identity::{UserChanges, UserParameters};
use platform::accounts::UserView;
use platform::http::{Call, Conditional, Cost, Problem, ProblemType, Reply, Route, TenantMember, serve};

const ROUTE: Route<TenantMember, Conditional> = Route::patch("/users/{id}", TenantMember(Role::Member))
    .of_identities()
    .conditional()
    .refusing(&[ProblemType::NotFound])
    .costing(&[Cost::when("of a name", 1.0, 8.0), Cost::when("of a role", 1.0, 8.0)]);

fn main() -> ExitCode {
    serve(ROUTE, update_user)
}

async fn update_user(
    call: Call<UserParameters, UserChanges, Conditional>,
) -> Result<Reply<UserView>, Problem> {
    identity::update(&call).await
}
