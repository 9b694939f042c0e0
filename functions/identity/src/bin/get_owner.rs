use std::process::ExitCode;

use identity::OwnerView;
use platform::http::{Call, Cost, NoBody, NoParameters, Problem, Reply, Route, TenantMember, serve};

const ROUTE: Route<TenantMember> =
    Route::get("/tenant/owner", TenantMember::ANY).costing(&[Cost::of(1.0, 0.0)]);

fn main() -> ExitCode {
    serve(ROUTE, get_owner)
}

async fn get_owner(call: Call<NoParameters, NoBody>) -> Result<Reply<OwnerView>, Problem> {
    identity::show_owner(&call).await
}
