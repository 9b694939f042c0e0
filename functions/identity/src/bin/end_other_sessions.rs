use std::process::ExitCode;

use identity::sessions;
use platform::http::{
    Call, Cost, NoBody, NoParameters, Problem, Reply, Route, StatusCode, TenantMember, serve,
};

const ROUTE: Route<TenantMember> = Route::delete("/me/sessions", TenantMember::ANY)
    .of_identities()
    .answering(StatusCode::NO_CONTENT)
    .costing(&[Cost::when("of one other", 1.0, 4.0), Cost::when("of three others", 1.0, 12.0)]);

fn main() -> ExitCode {
    serve(ROUTE, end_other_sessions)
}

async fn end_other_sessions(call: Call<NoParameters, NoBody>) -> Result<Reply<()>, Problem> {
    sessions::end_others(&call).await
}
