use std::process::ExitCode;

use domain::Version;
use domain::permission::Permission;
use orders::HistoryParameters;
use platform::http::{
    Call, Cost, EventView, NoBody, Problem, ProblemType, Reply, Route, TenantMember, serve,
};
use platform::table::Page;

const ROUTE: Route<TenantMember> = Route::get(
    "/orders/{id}/events",
    TenantMember::holding_either(Permission::OrdersPlace, Permission::OrdersRead),
)
.refusing(&[ProblemType::NotFound])
.costing(&[Cost::of(1.0, 0.0), Cost::when("a further page", 1.0, 0.0)]);

fn main() -> ExitCode {
    serve(ROUTE, get_order_history)
}

async fn get_order_history(
    call: Call<HistoryParameters, NoBody>,
) -> Result<Reply<Page<EventView, Version>>, Problem> {
    Ok(Reply::new(orders::history(&call).await?))
}
