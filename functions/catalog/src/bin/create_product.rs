use std::process::ExitCode;

use domain::id::ProductId;
use domain::money::Money;
use domain::product::Product;
use domain::text::ProductName;
use domain::user::Role;
use platform::http::{Call, NoParameters, Problem, Reply, Route, serve};
use platform::new_id;
use platform::stores::Version;
use platform::tenancy::TenantMember;
use platform::views::ProductView;
use serde::Deserialize;

const ROUTE: Route<TenantMember> = Route::post("/products", TenantMember(Role::Admin));

fn main() -> ExitCode {
    serve(ROUTE, create_product)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewProduct {
    name: ProductName,
    price: Money,
}

async fn create_product(call: Call<NoParameters, NewProduct>) -> Result<Reply<ProductView>, Problem> {
    let product = Product {
        id: new_id(ProductId::from_uuid),
        name: call.body.name.clone(),
        price: call.body.price,
        created_at: call.now(),
    };
    let reply = Reply::new(ProductView::new(product.clone(), Version::FIRST))
        .at(format!("/products/{}", product.id))
        .version(Version::FIRST);
    call.store.products().create(&product, &call.command(&reply)?).await?;
    Ok(reply)
}
