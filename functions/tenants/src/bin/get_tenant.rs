use std::process::ExitCode;

use platform::http::{Call, Cost, NoBody, NoParameters, Problem, Reply, Route, TenantMember, serve};
use tenants::TenantView;

const ROUTE: Route<TenantMember> = Route::get("/tenant", TenantMember::ANY).costing(&[Cost::of(1.0, 0.0)]);

fn main() -> ExitCode {
    serve(ROUTE, get_tenant)
}

async fn get_tenant(call: Call<NoParameters, NoBody>) -> Result<Reply<TenantView>, Problem> {
    tenants::show(&call).await
}
