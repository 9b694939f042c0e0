use std::process::ExitCode;

use domain::order::Command;
use domain::user::Role;
use orders::{OrderParameters, change, known_order};
use platform::http::{Call, Cost, NoBody, Problem, ProblemType, Reply, Route, StatusCode, serve};
use platform::tenancy::TenantMember;
use platform::views::OrderView;

const ROUTE: Route<TenantMember> = Route::post("/orders/{id}/confirmation", TenantMember(Role::Member))
    .answering(StatusCode::OK)
    .conditional()
    .refusing(&[ProblemType::NotFound])
    .costing(&[Cost::of(1.0, 1.0), Cost::when("with a key", 2.0, 4.0)]);

fn main() -> ExitCode {
    serve(ROUTE, confirm_order)
}

async fn confirm_order(call: Call<OrderParameters, NoBody>) -> Result<Reply<OrderView>, Problem> {
    let known = known_order(&call, call.parameters.id).await?;
    change(&call, known, |at| Command::Confirm { by: call.caller.user(), at }).await
}
