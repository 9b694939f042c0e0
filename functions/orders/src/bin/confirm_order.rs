use std::process::ExitCode;

use domain::order::Command;
use domain::user::Role;
use orders::{OrderParameters, visible_order};
use platform::http::{Call, Cost, NoBody, Problem, ProblemType, Reply, Route, StatusCode, serve};
use platform::stores::decide_order;
use platform::tenancy::TenantMember;
use platform::views::OrderView;

const ROUTE: Route<TenantMember> = Route::post("/orders/{id}/confirmation", TenantMember(Role::Member))
    .answering(StatusCode::OK)
    .refusing(&[ProblemType::NotFound, ProblemType::Conflict])
    .costing(&[Cost::of(1.0, 1.0)]);

fn main() -> ExitCode {
    serve(ROUTE, confirm_order)
}

async fn confirm_order(call: Call<OrderParameters, NoBody>) -> Result<Reply<OrderView>, Problem> {
    let loaded = visible_order(&call).await?;
    let confirm = Command::Confirm { by: call.caller.user(), at: call.now() };
    let decision = decide_order(Some(loaded), confirm)?;
    let reply = Reply::new(OrderView::from(&decision.next)).version(decision.next.version);
    call.store.orders().append(&decision, &call.command(&reply)?).await?;
    Ok(reply)
}
