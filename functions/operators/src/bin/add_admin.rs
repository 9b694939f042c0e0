use std::process::ExitCode;

use domain::id::UserId;
use operators::{AdminRequest, TenantParameters};
use platform::accounts::{Operating, UserView};
use platform::http::{
    Cost, Operator, OperatorCall, Problem, ProblemType, Reply, Route, serve_operators_rereading,
};

const ROUTE: Route<Operator> = Route::post("/tenants/{id}/admins", Operator)
    .with_secret()
    .refusing(&[ProblemType::NotFound, ProblemType::Conflict])
    .costing(&[Cost::of(1.0, 15.0), Cost::when("with a key", 2.0, 17.0)]);

fn main() -> ExitCode {
    serve_operators_rereading(ROUTE, Operating::open_to_admit, add_admin, show_again)
}

async fn add_admin(
    operating: &'static Operating,
    call: OperatorCall<TenantParameters, AdminRequest>,
) -> Result<Reply<UserView>, Problem> {
    operators::add_admin(operating, &call).await
}

async fn show_again(
    _: &'static Operating,
    call: OperatorCall<TenantParameters, AdminRequest>,
    admin: UserId,
) -> Result<Reply<UserView>, Problem> {
    Ok(operators::show_admin(&call, admin))
}
