use std::process::ExitCode;

use domain::permission::Permission;
use identity::UserParameters;
use platform::accounts::UserView;
use platform::http::{
    Call, Conditional, Cost, NoBody, Problem, ProblemType, Reply, Route, TenantMember, serve,
};

const ROUTE: Route<TenantMember, Conditional> =
    Route::delete("/users/{id}/deactivation", TenantMember::holding(Permission::UsersManage))
        .of_identities()
        .conditional()
        .refusing(&[ProblemType::NotFound, ProblemType::QuotaReached])
        .costing(&[Cost::when("of a member", 3.0, 15.0), Cost::when("of an admin", 3.0, 17.0)]);

fn main() -> ExitCode {
    serve(ROUTE, reactivate_user)
}

async fn reactivate_user(
    call: Call<UserParameters, NoBody, Conditional>,
) -> Result<Reply<UserView>, Problem> {
    identity::reactivate(&call).await
}
