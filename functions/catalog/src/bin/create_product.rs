use std::process::ExitCode;

use catalog::{NewProduct, reply};
use domain::id::ProductId;
use domain::product::Product;
use domain::user::Role;
use platform::http::{Call, Cost, NoParameters, Problem, Reply, Route, serve};
use platform::new_id;
use platform::stores::Version;
use platform::tenancy::TenantMember;
use platform::views::ProductView;

const ROUTE: Route<TenantMember> = Route::post("/products", TenantMember(Role::Admin))
    .costing(&[Cost::of(0.0, 5.0), Cost::when("with a key", 1.0, 7.0)]);

fn main() -> ExitCode {
    serve(ROUTE, create_product)
}

async fn create_product(call: Call<NoParameters, NewProduct>) -> Result<Reply<ProductView>, Problem> {
    let NewProduct { name, price } = &call.body;
    let product = Product::new(new_id(ProductId::from_uuid), name.clone(), *price, call.now());
    let reply = reply(&product, Version::FIRST).at(format!("/products/{}", product.id));
    call.store.products().create(&product, &call.command(&reply)?).await?;
    Ok(reply)
}
