use std::process::ExitCode;

use catalog::{ProductParameters, ProductView};
use domain::permission::Permission;
use domain::product::Command;
use platform::http::{
    Call, Conditional, Cost, NoBody, Problem, ProblemType, Reply, Route, StatusCode, TenantMember, serve,
};

const ROUTE: Route<TenantMember, Conditional> =
    Route::post("/products/{id}/retirement", TenantMember::holding(Permission::CatalogManage))
        .answering(StatusCode::OK)
        .conditional()
        .refusing(&[ProblemType::NotFound])
        .costing(&[Cost::of(1.0, 8.0), Cost::when("with a key", 2.0, 10.0)]);

fn main() -> ExitCode {
    serve(ROUTE, retire_product)
}

async fn retire_product(
    call: Call<ProductParameters, NoBody, Conditional>,
) -> Result<Reply<ProductView>, Problem> {
    catalog::change(&call, Command::Retire).await
}
