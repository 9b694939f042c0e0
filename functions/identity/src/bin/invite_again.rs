use std::process::ExitCode;

use domain::permission::Permission;
use identity::{LinkIsOnItsWay, UserParameters};
use platform::http::{
    Call, Cost, NoBody, Problem, ProblemType, Reply, Route, StatusCode, TenantMember, serve,
};

const ROUTE: Route<TenantMember> =
    Route::post("/users/{id}/invitation", TenantMember::holding(Permission::UsersManage))
        .of_identities()
        .answering(StatusCode::ACCEPTED)
        .refusing(&[ProblemType::NotFound, ProblemType::TooManyRequests])
        .costing(&[Cost::of(4.0, 10.0), Cost::when("with a key", 5.0, 12.0)]);

fn main() -> ExitCode {
    serve(ROUTE, invite_again)
}

async fn invite_again(call: Call<UserParameters, NoBody>) -> Result<Reply<LinkIsOnItsWay>, Problem> {
    identity::invite_again(&call).await
}
