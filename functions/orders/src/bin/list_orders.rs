use std::process::ExitCode;

use domain::id::{OrderId, UserId};
use domain::order::OrderStatus;
use domain::user::Role;
use orders::listed_customer;
use platform::http::{Call, Cost, Limit, NoBody, Problem, Reply, Route, serve};
use platform::stores::Page;
use platform::tenancy::TenantMember;
use platform::views::OrderSummary;
use schemars::JsonSchema;
use serde::Deserialize;

const ROUTE: Route<TenantMember> = Route::get("/orders", TenantMember(Role::Member))
    .costing(&[Cost::of(0.5, 0.0), Cost::when("of a customer, by status", 0.5, 0.0)]);

fn main() -> ExitCode {
    serve(ROUTE, list_orders)
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Parameters {
    #[serde(default)]
    limit: Limit,
    cursor: Option<OrderId>,
    status: Option<OrderStatus>,
    /// Whose orders. A member's own when left out, and for a member nobody else's.
    customer: Option<UserId>,
}

async fn list_orders(call: Call<Parameters, NoBody>) -> Result<Reply<Page<OrderSummary, OrderId>>, Problem> {
    let Parameters { limit, cursor, status, customer } = call.parameters;
    let customer = listed_customer(call.caller, customer)?;
    let page = call.store.order_lists().list(customer, status, cursor, limit.get()).await?;
    Ok(Reply::new(page.map(OrderSummary::from)))
}
