use std::process::ExitCode;

use domain::permission::Permission;
use orders::{NewOrder, OrderView};
use platform::http::{Call, Cost, NoParameters, Problem, Reply, Route, TenantMember, serve};

const ROUTE: Route<TenantMember> = Route::post("/orders", TenantMember::holding(Permission::OrdersPlace))
    .costing(&[Cost::when("of one product", 1.0, 1.0), Cost::when("with a key", 2.0, 4.0)]);

fn main() -> ExitCode {
    serve(ROUTE, place_order)
}

async fn place_order(call: Call<NoParameters, NewOrder>) -> Result<Reply<OrderView>, Problem> {
    orders::place(&call).await
}
