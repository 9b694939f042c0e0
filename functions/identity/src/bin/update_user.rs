use std::process::ExitCode;

use domain::permission::Permission;
use identity::{UserChanges, UserParameters};
use platform::accounts::UserView;
use platform::http::{Call, Conditional, Cost, Problem, ProblemType, Reply, Route, TenantMember, serve};

const ROUTE: Route<TenantMember, Conditional> =
    Route::patch("/users/{id}", TenantMember::holding(Permission::UsersManage))
        .of_identities()
        .conditional()
        .refusing(&[ProblemType::NotFound])
        .costing(&[
            Cost::when("of a name", 3.0, 14.0),
            Cost::when("of roles", 3.0, 15.0),
            Cost::when("of a role of the tenant's own", 3.0, 17.0),
        ]);

fn main() -> ExitCode {
    serve(ROUTE, update_user)
}

async fn update_user(
    call: Call<UserParameters, UserChanges, Conditional>,
) -> Result<Reply<UserView>, Problem> {
    identity::update(&call).await
}
