use std::process::ExitCode;

use domain::permission::Permission;
use identity::{OwnerView, Successor};
use platform::http::{Call, Conditional, Cost, NoParameters, Problem, Reply, Route, TenantMember, serve};

const ROUTE: Route<TenantMember, Conditional> =
    Route::put("/tenant/owner", TenantMember::holding(Permission::TenantOwn))
        .of_identities()
        .conditional()
        .costing(&[Cost::when("to oneself", 2.0, 6.0), Cost::when("to another", 3.0, 8.0)]);

fn main() -> ExitCode {
    serve(ROUTE, transfer_ownership)
}

async fn transfer_ownership(
    call: Call<NoParameters, Successor, Conditional>,
) -> Result<Reply<OwnerView>, Problem> {
    identity::transfer_ownership(&call).await
}
