use std::process::ExitCode;

use domain::id::ProductId;
use domain::product::ProductStatus;
use domain::user::Role;
use platform::http::{Call, Cost, Limit, NoBody, Problem, Reply, Route, serve};
use platform::stores::Page;
use platform::tenancy::TenantMember;
use platform::views::ProductView;
use schemars::JsonSchema;
use serde::Deserialize;

const ROUTE: Route<TenantMember> = Route::get("/products", TenantMember(Role::Member))
    .costing(&[Cost::of(0.5, 0.0), Cost::when("by status", 0.5, 0.0)]);

fn main() -> ExitCode {
    serve(ROUTE, list_products)
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Parameters {
    #[serde(default)]
    limit: Limit,
    cursor: Option<ProductId>,
    status: Option<ProductStatus>,
}

async fn list_products(
    call: Call<Parameters, NoBody>,
) -> Result<Reply<Page<ProductView, ProductId>>, Problem> {
    let Parameters { limit, cursor, status } = call.parameters;
    let page = call.store.products().list(status, cursor, limit.get()).await?;
    Ok(Reply::new(page.map(|(product, version)| ProductView::new(product, version))))
}
