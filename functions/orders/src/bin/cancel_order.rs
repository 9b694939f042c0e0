use std::process::ExitCode;

use domain::order::Command;
use domain::permission::Permission;
use domain::text::CancelReason;
use orders::{OrderParameters, OrderView, change, known_order};
use platform::http::{
    Call, Conditional, Cost, Problem, ProblemType, Reply, Route, StatusCode, TenantMember, serve,
};
use schemars::JsonSchema;
use serde::Deserialize;

const ROUTE: Route<TenantMember, Conditional> = Route::post(
    "/orders/{id}/cancellation",
    TenantMember::holding_either(Permission::OrdersPlace, Permission::OrdersManage),
)
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

async fn cancel_order(
    call: Call<OrderParameters, Cancellation, Conditional>,
) -> Result<Reply<OrderView>, Problem> {
    let known = known_order(&call, call.parameters.id).await?;
    let reason = call.body.reason.clone();
    change(&call, known, Command::Cancel { reason }).await
}
