use std::process::ExitCode;

use domain::id::ProductId;
use domain::user::Role;
use platform::http::{Call, NoBody, Problem, Reply, Route, serve};
use platform::tenancy::TenantMember;
use platform::views::ProductView;
use serde::Deserialize;

const ROUTE: Route<TenantMember> = Route::get("/products/{id}", TenantMember(Role::Member));

fn main() -> ExitCode {
    serve(ROUTE, get_product)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Parameters {
    id: ProductId,
}

async fn get_product(call: Call<Parameters, NoBody>) -> Result<Reply<ProductView>, Problem> {
    let found = call.store.products().get(call.parameters.id).await?;
    let (product, version) = found.ok_or_else(|| Problem::not_found("product"))?;
    Ok(Reply::new(ProductView::new(product, version)).version(version))
}
