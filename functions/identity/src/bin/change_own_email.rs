use std::process::ExitCode;

use identity::{LinkIsOnItsWay, NewOwnEmail};
use platform::http::{
    Call, Cost, NoParameters, Problem, ProblemType, Reply, Route, StatusCode, TenantMember, serve,
};

const ROUTE: Route<TenantMember> = Route::put("/me/email", TenantMember::ANY)
    .of_identities()
    .answering(StatusCode::ACCEPTED)
    .refusing(&[ProblemType::Conflict, ProblemType::TooManyRequests])
    .costing(&[Cost::of(5.0, 6.0)]);

fn main() -> ExitCode {
    serve(ROUTE, change_own_email)
}

async fn change_own_email(call: Call<NoParameters, NewOwnEmail>) -> Result<Reply<LinkIsOnItsWay>, Problem> {
    identity::change_own_email(&call).await
}
