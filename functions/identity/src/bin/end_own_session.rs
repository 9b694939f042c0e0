use std::process::ExitCode;

use identity::{SessionParameters, sessions};
use platform::http::{
    Call, Cost, NoBody, Problem, ProblemType, Reply, Route, StatusCode, TenantMember, serve,
};

const ROUTE: Route<TenantMember> = Route::delete("/me/sessions/{id}", TenantMember::ANY)
    .of_identities()
    .answering(StatusCode::NO_CONTENT)
    .refusing(&[ProblemType::NotFound])
    .costing(&[Cost::when("of one", 1.0, 4.0), Cost::when("that has ended", 2.0, 0.0)]);

fn main() -> ExitCode {
    serve(ROUTE, end_own_session)
}

async fn end_own_session(call: Call<SessionParameters, NoBody>) -> Result<Reply<()>, Problem> {
    sessions::end_own(&call).await
}
