use std::process::ExitCode;

use domain::permission::Permission;
use identity::{UserParameters, sessions};
use platform::http::{
    Call, Cost, NoBody, Problem, ProblemType, Reply, Route, StatusCode, TenantMember, serve,
};

const ROUTE: Route<TenantMember> =
    Route::delete("/users/{id}/sessions", TenantMember::holding(Permission::UsersManage))
        .of_identities()
        .answering(StatusCode::NO_CONTENT)
        .refusing(&[ProblemType::NotFound, ProblemType::Conflict])
        .costing(&[Cost::of(3.0, 13.0)]);

fn main() -> ExitCode {
    serve(ROUTE, end_user_sessions)
}

async fn end_user_sessions(call: Call<UserParameters, NoBody>) -> Result<Reply<()>, Problem> {
    sessions::end_all_of(&call).await
}
