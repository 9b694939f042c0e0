use std::process::ExitCode;

use catalog::{ProductChange, ProductParameters, ProductView};
use domain::permission::Permission;
use domain::product::Command;
use platform::http::{Call, Conditional, Cost, Problem, ProblemType, Reply, Route, TenantMember, serve};

const ROUTE: Route<TenantMember, Conditional> =
    Route::patch("/products/{id}", TenantMember::holding(Permission::CatalogManage))
        .conditional()
        .refusing(&[ProblemType::NotFound])
        .costing(&[Cost::of(1.0, 5.0)]);

fn main() -> ExitCode {
    serve(ROUTE, update_product)
}

async fn update_product(
    call: Call<ProductParameters, ProductChange, Conditional>,
) -> Result<Reply<ProductView>, Problem> {
    let ProductChange { name, price } = &call.body;
    catalog::change(&call, Command::Update { name: name.clone(), price: *price }).await
}
