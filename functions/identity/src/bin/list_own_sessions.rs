use std::process::ExitCode;

use identity::sessions::{self, OpenSessions};
use platform::http::{Call, Cost, NoBody, NoParameters, Problem, Reply, Route, TenantMember, serve};

const ROUTE: Route<TenantMember> =
    Route::get("/me/sessions", TenantMember::ANY).of_identities().costing(&[Cost::of(2.0, 0.0)]);

fn main() -> ExitCode {
    serve(ROUTE, list_own_sessions)
}

async fn list_own_sessions(call: Call<NoParameters, NoBody>) -> Result<Reply<OpenSessions>, Problem> {
    sessions::list_own(&call).await
}
