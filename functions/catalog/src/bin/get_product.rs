use std::process::ExitCode;

use catalog::{ProductParameters, product, reply};
use domain::user::Role;
use platform::http::{Call, Cost, NoBody, Problem, ProblemType, Reply, Route, serve};
use platform::tenancy::TenantMember;
use platform::views::ProductView;

const ROUTE: Route<TenantMember> = Route::get("/products/{id}", TenantMember(Role::Member))
    .refusing(&[ProblemType::NotFound])
    .costing(&[Cost::of(1.0, 0.0)]);

fn main() -> ExitCode {
    serve(ROUTE, get_product)
}

async fn get_product(call: Call<ProductParameters, NoBody>) -> Result<Reply<ProductView>, Problem> {
    let (product, version) = product(&call).await?;
    Ok(reply(&product, version))
}
