use std::process::ExitCode;

use domain::user::Role;
use orders::{PointInTime, order_as_of};
use platform::http::{Call, Cost, NoBody, Problem, ProblemType, Reply, Route, serve};
use platform::tenancy::TenantMember;
use platform::views::OrderView;

const ROUTE: Route<TenantMember> = Route::get("/orders/{id}", TenantMember(Role::Member))
    .refusing(&[ProblemType::NotFound])
    .costing(&[Cost::of(1.0, 0.0), Cost::when("at a version", 1.0, 0.0), Cost::when("at a time", 1.0, 0.0)]);

fn main() -> ExitCode {
    serve(ROUTE, get_order)
}

async fn get_order(call: Call<PointInTime, NoBody>) -> Result<Reply<OrderView>, Problem> {
    let loaded = order_as_of(&call).await?;
    Ok(Reply::new(OrderView::from(&loaded)).version(loaded.version))
}
