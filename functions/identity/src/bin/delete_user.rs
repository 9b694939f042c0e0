use std::process::ExitCode;

use domain::permission::Permission;
use identity::UserParameters;
use platform::http::{
    Call, Conditional, Cost, NoBody, Problem, ProblemType, Reply, Route, StatusCode, TenantMember, serve,
};

const ROUTE: Route<TenantMember, Conditional> =
    Route::delete("/users/{id}", TenantMember::holding(Permission::UsersManage))
        .of_identities()
        .answering(StatusCode::NO_CONTENT)
        .conditional()
        .refusing(&[ProblemType::NotFound])
        .costing(&[Cost::when("of a member", 3.0, 17.0), Cost::when("of an admin", 3.0, 19.0)]);

fn main() -> ExitCode {
    serve(ROUTE, delete_user)
}

async fn delete_user(call: Call<UserParameters, NoBody, Conditional>) -> Result<Reply<()>, Problem> {
    identity::delete(&call).await
}
