use std::process::ExitCode;

use domain::permission::Permission;
use orders::{OrderView, PointInTime};
use platform::http::{Call, Cost, NoBody, Problem, ProblemType, Reply, Route, TenantMember, serve};

const ROUTE: Route<TenantMember> =
    Route::get("/orders/{id}", TenantMember::holding_either(Permission::OrdersPlace, Permission::OrdersRead))
        .refusing(&[ProblemType::NotFound])
        .costing(&[
            Cost::of(1.0, 0.0),
            Cost::when("at a version", 1.0, 0.0),
            Cost::when("at a time", 1.0, 0.0),
        ]);

fn main() -> ExitCode {
    serve(ROUTE, get_order)
}

async fn get_order(call: Call<PointInTime, NoBody>) -> Result<Reply<OrderView>, Problem> {
    orders::show(&call).await
}
