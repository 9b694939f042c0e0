use std::process::ExitCode;

use domain::permission::Permission;
use identity::UserParameters;
use platform::accounts::UserView;
use platform::http::{Call, Cost, NoBody, Problem, ProblemType, Reply, Route, TenantMember, serve};

const ROUTE: Route<TenantMember> = Route::get("/users/{id}", TenantMember::holding(Permission::UsersRead))
    .refusing(&[ProblemType::NotFound])
    .costing(&[Cost::of(2.0, 0.0)]);

fn main() -> ExitCode {
    serve(ROUTE, get_user)
}

async fn get_user(call: Call<UserParameters, NoBody>) -> Result<Reply<UserView>, Problem> {
    identity::show(&call).await
}
