use std::process::ExitCode;

use domain::id::{OrderId, ProductId};
use domain::order::Command;
use domain::user::Role;
use orders::{change, known_order};
use platform::http::{Call, Cost, NoBody, Problem, ProblemType, Reply, Route, serve};
use platform::tenancy::TenantMember;
use platform::views::OrderView;
use schemars::JsonSchema;
use serde::Deserialize;

const ROUTE: Route<TenantMember> =
    Route::delete("/orders/{id}/lines/{productId}", TenantMember(Role::Member))
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

async fn remove_line(call: Call<LineParameters, NoBody>) -> Result<Reply<OrderView>, Problem> {
    let known = known_order(&call, call.parameters.id).await?;
    change(&call, known, |_| Command::RemoveLine { product: call.parameters.product_id }).await
}
