use std::process::ExitCode;

use domain::id::OrderId;
use domain::user::Role;
use orders::VersionParameter;
use platform::http::{Call, Cost, Limit, NoBody, Problem, ProblemType, Reply, Route, serve};
use platform::stores::{Page, Version};
use platform::tenancy::TenantMember;
use platform::views::OrderEventView;
use schemars::JsonSchema;
use serde::Deserialize;

const ROUTE: Route<TenantMember> = Route::get("/orders/{id}/events", TenantMember(Role::Member))
    .refusing(&[ProblemType::NotFound])
    .costing(&[Cost::of(1.0, 0.0), Cost::when("a further page", 1.0, 0.0)]);

fn main() -> ExitCode {
    serve(ROUTE, get_order_history)
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Parameters {
    id: OrderId,
    /// Of versions: a page holds all events of each of its versions.
    #[serde(default)]
    limit: Limit,
    cursor: Option<VersionParameter>,
}

async fn get_order_history(
    call: Call<Parameters, NoBody>,
) -> Result<Reply<Page<OrderEventView, Version>>, Problem> {
    let Parameters { id, limit, cursor } = call.parameters;
    let history = call.store.orders().history(id, cursor.map(|cursor| cursor.0), limit.get()).await?;
    let history = history.filter(|found| found.placed.is_open_to(call.caller.user(), call.caller.role()));
    let page = history.ok_or_else(|| Problem::not_found("order"))?.page;
    Ok(Reply::new(page.map(OrderEventView::from)))
}
