use std::process::ExitCode;

use catalog::{ProductParameters, product, reply};
use domain::user::Role;
use platform::http::{Call, Cost, NoBody, Problem, ProblemType, Reply, Route, StatusCode, serve};
use platform::tenancy::TenantMember;
use platform::views::ProductView;

const ROUTE: Route<TenantMember> = Route::post("/products/{id}/retirement", TenantMember(Role::Admin))
    .answering(StatusCode::OK)
    .conditional()
    .refusing(&[ProblemType::NotFound])
    .costing(&[Cost::of(1.0, 6.0), Cost::when("with a key", 2.0, 8.0)]);

fn main() -> ExitCode {
    serve(ROUTE, retire_product)
}

async fn retire_product(call: Call<ProductParameters, NoBody>) -> Result<Reply<ProductView>, Problem> {
    let (product, known) = product(&call).await?;
    call.admit(known)?;
    let retired = product.retired()?;
    let reply = reply(&retired, known.next());
    call.store.products().retire(&retired, known, &call.command(&reply)?).await?;
    Ok(reply)
}
