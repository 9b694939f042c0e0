use std::process::ExitCode;

use catalog::{ListParameters, ProductView};
use domain::id::ProductId;
use domain::permission::Permission;
use platform::http::{Call, Cost, NoBody, Problem, Reply, Route, TenantMember, serve};
use platform::table::Page;

const ROUTE: Route<TenantMember> = Route::get("/products", TenantMember::holding(Permission::CatalogRead))
    .costing(&[Cost::of(0.5, 0.0), Cost::when("by status", 0.5, 0.0)]);

fn main() -> ExitCode {
    serve(ROUTE, list_products)
}

async fn list_products(
    call: Call<ListParameters, NoBody>,
) -> Result<Reply<Page<ProductView, ProductId>>, Problem> {
    Ok(Reply::new(catalog::list(&call).await?))
}
