use std::process::ExitCode;

use domain::order::Command;
use domain::text::CancelReason;
use domain::user::Role;
use orders::{OrderParameters, change, known_order};
use platform::http::{Call, Cost, Problem, ProblemType, Reply, Route, StatusCode, serve};
use platform::tenancy::TenantMember;
use platform::views::OrderView;
use schemars::JsonSchema;
use serde::Deserialize;

const ROUTE: Route<TenantMember> = Route::post("/orders/{id}/cancellation", TenantMember(Role::Member))
    .answering(StatusCode::OK)
    .conditional()
    .refusing(&[ProblemType::NotFound])
    .costing(&[Cost::of(1.0, 1.0), Cost::when("with a key", 2.0, 4.0)]);

fn main() -> ExitCode {
    serve(ROUTE, cancel_order)
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Cancellation {
    reason: CancelReason,
}

async fn cancel_order(call: Call<OrderParameters, Cancellation>) -> Result<Reply<OrderView>, Problem> {
    let known = known_order(&call, call.parameters.id).await?;
    let reason = call.body.reason.clone();
    change(&call, known, |at| Command::Cancel { by: call.caller.user(), reason, at }).await
}
