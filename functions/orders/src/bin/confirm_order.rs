use std::process::ExitCode;

use domain::order::Command;
use domain::permission::Permission;
use orders::{OrderParameters, OrderView, change, known_order};
use platform::http::{
    Call, Conditional, Cost, NoBody, Problem, ProblemType, Reply, Route, StatusCode, TenantMember, serve,
};

const ROUTE: Route<TenantMember, Conditional> = Route::post(
    "/orders/{id}/confirmation",
    TenantMember::holding_either(Permission::OrdersPlace, Permission::OrdersManage),
)
.answering(StatusCode::OK)
.conditional()
.refusing(&[ProblemType::NotFound])
.costing(&[Cost::of(1.0, 1.0), Cost::when("with a key", 2.0, 4.0)]);

fn main() -> ExitCode {
    serve(ROUTE, confirm_order)
}

async fn confirm_order(
    call: Call<OrderParameters, NoBody, Conditional>,
) -> Result<Reply<OrderView>, Problem> {
    let known = known_order(&call, call.parameters.id).await?;
    change(&call, known, Command::Confirm).await
}
