use std::process::ExitCode;

use domain::permission::Permission;
use identity::{UserParameters, show_again};
use platform::accounts::UserView;
use platform::http::{
    Call, Conditional, Cost, NoBody, Problem, ProblemType, Reply, Route, StatusCode, TenantMember,
    serve_rereading,
};

const ROUTE: Route<TenantMember, Conditional> =
    Route::post("/users/{id}/deactivation", TenantMember::holding(Permission::UsersManage))
        .of_identities()
        .answering(StatusCode::OK)
        .conditional()
        .refusing(&[ProblemType::NotFound])
        .costing(&[Cost::when("of a member", 3.0, 15.0), Cost::when("of an admin", 3.0, 17.0)]);

fn main() -> ExitCode {
    serve_rereading(ROUTE, deactivate_user, show_again)
}

async fn deactivate_user(
    call: Call<UserParameters, NoBody, Conditional>,
) -> Result<Reply<UserView>, Problem> {
    identity::deactivate(&call).await
}
