use std::process::ExitCode;

use catalog::{ProductChange, ProductParameters, product, reply};
use domain::user::Role;
use platform::http::{Call, Cost, Problem, ProblemType, Reply, Route, serve};
use platform::tenancy::TenantMember;
use platform::views::ProductView;

const ROUTE: Route<TenantMember> = Route::patch("/products/{id}", TenantMember(Role::Admin))
    .conditional()
    .refusing(&[ProblemType::NotFound])
    .costing(&[Cost::of(1.0, 5.0)]);

fn main() -> ExitCode {
    serve(ROUTE, update_product)
}

async fn update_product(call: Call<ProductParameters, ProductChange>) -> Result<Reply<ProductView>, Problem> {
    let (product, known) = product(&call).await?;
    call.admit(known)?;
    let updated = product.updated(call.body.name.clone(), call.body.price)?;
    let reply = reply(&updated, known.next());
    call.store.products().update(&updated, known, &call.command(&reply)?).await?;
    Ok(reply)
}
