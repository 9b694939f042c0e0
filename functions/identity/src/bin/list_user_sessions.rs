use std::process::ExitCode;

use domain::permission::Permission;
use identity::UserParameters;
use identity::sessions::{self, OpenSessions};
use platform::http::{Call, Cost, NoBody, Problem, ProblemType, Reply, Route, TenantMember, serve};

const ROUTE: Route<TenantMember> =
    Route::get("/users/{id}/sessions", TenantMember::holding(Permission::UsersManage))
        .of_identities()
        .refusing(&[ProblemType::NotFound])
        .costing(&[Cost::of(4.0, 0.0)]);

fn main() -> ExitCode {
    serve(ROUTE, list_user_sessions)
}

async fn list_user_sessions(call: Call<UserParameters, NoBody>) -> Result<Reply<OpenSessions>, Problem> {
    sessions::list_of(&call).await
}
