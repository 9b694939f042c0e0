use std::process::ExitCode;

use domain::id::UserId;
use operators::{SuccessorRequest, TenantParameters};
use platform::accounts::{Operating, UserView};
use platform::http::{
    Cost, Operator, OperatorCall, Problem, ProblemType, Reply, Route, serve_operators_rereading,
};

const ROUTE: Route<Operator> = Route::post("/tenants/{id}/owner", Operator)
    .refusing(&[ProblemType::NotFound, ProblemType::Conflict])
    .costing(&[Cost::of(2.0, 15.0), Cost::when("with a key", 3.0, 17.0), Cost::when("again", 4.0, 4.0)]);

fn main() -> ExitCode {
    serve_operators_rereading(ROUTE, Operating::open_to_replace_owners, replace_owner, show_again)
}

async fn replace_owner(
    operating: &'static Operating,
    call: OperatorCall<TenantParameters, SuccessorRequest>,
) -> Result<Reply<UserView>, Problem> {
    operators::replace_owner(operating, &call).await
}

async fn show_again(
    _: &'static Operating,
    call: OperatorCall<TenantParameters, SuccessorRequest>,
    successor: UserId,
) -> Result<Reply<UserView>, Problem> {
    Ok(operators::show_successor(&call, successor))
}
