use std::process::ExitCode;

use domain::id::OrderId;
use domain::permission::Permission;
use orders::{ListParameters, OrderSummary};
use platform::http::{Call, Cost, NoBody, Problem, Reply, Route, TenantMember, serve};
use platform::table::Page;

const ROUTE: Route<TenantMember> =
    Route::get("/orders", TenantMember::holding_either(Permission::OrdersPlace, Permission::OrdersRead))
        .costing(&[Cost::of(0.5, 0.0), Cost::when("of a customer, by status", 0.5, 0.0)]);

fn main() -> ExitCode {
    serve(ROUTE, list_orders)
}

async fn list_orders(
    call: Call<ListParameters, NoBody>,
) -> Result<Reply<Page<OrderSummary, OrderId>>, Problem> {
    Ok(Reply::new(orders::list(&call).await?))
}
