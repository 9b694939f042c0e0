use std::process::ExitCode;

use catalog::{ProductParameters, ProductView};
use domain::permission::Permission;
use platform::http::{Call, Cost, NoBody, Problem, ProblemType, Reply, Route, TenantMember, serve};

const ROUTE: Route<TenantMember> =
    Route::get("/products/{id}", TenantMember::holding(Permission::CatalogRead))
        .refusing(&[ProblemType::NotFound])
        .costing(&[Cost::of(1.0, 0.0)]);

fn main() -> ExitCode {
    serve(ROUTE, get_product)
}

async fn get_product(call: Call<ProductParameters, NoBody>) -> Result<Reply<ProductView>, Problem> {
    catalog::show(&call).await
}
