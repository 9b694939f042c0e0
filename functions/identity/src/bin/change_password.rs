use std::process::ExitCode;

use identity::NewPassword;
use platform::http::{
    Call, Cost, NoParameters, Problem, ProblemType, Reply, Route, StatusCode, TenantMember, serve,
};

const ROUTE: Route<TenantMember> = Route::put("/me/password", TenantMember::ANY)
    .of_identities()
    .answering(StatusCode::NO_CONTENT)
    .refusing(&[ProblemType::Conflict, ProblemType::TooManyRequests])
    .costing(&[Cost::of(3.0, 9.0)]);

fn main() -> ExitCode {
    serve(ROUTE, change_password)
}

async fn change_password(call: Call<NoParameters, NewPassword>) -> Result<Reply<()>, Problem> {
    identity::change_password(&call).await
}
