use std::process::ExitCode;

use domain::order::Command;
use domain::user::Role;
use orders::{LineRequest, OrderParameters, change, known_order};
use platform::http::{Call, Cost, Problem, ProblemType, Reply, Route, StatusCode, serve};
use platform::tenancy::TenantMember;
use platform::views::OrderView;

const ROUTE: Route<TenantMember> = Route::post("/orders/{id}/lines", TenantMember(Role::Member))
    .answering(StatusCode::OK)
    .conditional()
    .refusing(&[ProblemType::NotFound])
    .costing(&[Cost::of(2.0, 1.0), Cost::when("with a key", 3.0, 4.0)]);

fn main() -> ExitCode {
    serve(ROUTE, add_line)
}

async fn add_line(call: Call<OrderParameters, LineRequest>) -> Result<Reply<OrderView>, Problem> {
    let known = known_order(&call, call.parameters.id).await?;
    let found = call.store.products().get(call.body.product_id).await?;
    let line = call.body.priced(found.as_ref().map(|(product, _)| product), "")?;
    change(&call, known, |_| Command::AddLine { line }).await
}
