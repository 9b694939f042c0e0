use std::process::ExitCode;

use catalog::{NewProduct, ProductView};
use domain::permission::Permission;
use platform::http::{Call, Cost, NoParameters, Problem, ProblemType, Reply, Route, TenantMember, serve};

const ROUTE: Route<TenantMember> = Route::post("/products", TenantMember::holding(Permission::CatalogManage))
    .refusing(&[ProblemType::QuotaReached])
    .costing(&[Cost::of(0.0, 7.0), Cost::when("with a key", 1.0, 9.0)]);

fn main() -> ExitCode {
    serve(ROUTE, create_product)
}

async fn create_product(call: Call<NoParameters, NewProduct>) -> Result<Reply<ProductView>, Problem> {
    catalog::create(&call).await
}
