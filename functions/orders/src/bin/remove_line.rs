use std::process::ExitCode;

use domain::id::{OrderId, ProductId};
use domain::order::Command;
use domain::permission::Permission;
use orders::{OrderView, change, known_order};
use platform::http::{
    Call, Conditional, Cost, NoBody, Problem, ProblemType, Reply, Route, TenantMember, serve,
};
use schemars::JsonSchema;
use serde::Deserialize;

const ROUTE: Route<TenantMember, Conditional> = Route::delete(
    "/orders/{id}/lines/{productId}",
    TenantMember::holding_either(Permission::OrdersPlace, Permission::OrdersManage),
)
.conditional()
.refusing(&[ProblemType::NotFound])
.costing(&[Cost::of(1.0, 1.0)]);

fn main() -> ExitCode {
    serve(ROUTE, remove_line)
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct LineParameters {
    id: OrderId,
    product_id: ProductId,
}

async fn remove_line(call: Call<LineParameters, NoBody, Conditional>) -> Result<Reply<OrderView>, Problem> {
    let known = known_order(&call, call.parameters.id).await?;
    change(&call, known, Command::RemoveLine { product: call.parameters.product_id }).await
}
