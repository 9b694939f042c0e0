use std::process::ExitCode;

use domain::permission::Permission;
use identity::{EmailOf, LinkIsOnItsWay, UserParameters};
use platform::http::{Call, Cost, Problem, ProblemType, Reply, Route, StatusCode, TenantMember, serve};

const ROUTE: Route<TenantMember> =
    Route::put("/users/{id}/email", TenantMember::holding(Permission::UsersManage))
        .of_identities()
        .answering(StatusCode::ACCEPTED)
        .refusing(&[ProblemType::NotFound, ProblemType::Conflict, ProblemType::TooManyRequests])
        .costing(&[Cost::of(4.0, 10.0)]);

fn main() -> ExitCode {
    serve(ROUTE, change_email)
}

async fn change_email(call: Call<UserParameters, EmailOf>) -> Result<Reply<LinkIsOnItsWay>, Problem> {
    identity::change_email(&call).await
}
