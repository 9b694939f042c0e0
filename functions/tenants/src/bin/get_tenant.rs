use std::process::ExitCode;

use domain::user::Role;
use platform::http::{Call, Cost, NoBody, NoParameters, Problem, Reply, Route, serve};
use platform::tenancy::TenantMember;
use tenants::TenantView;

const ROUTE: Route<TenantMember> =
    Route::get("/tenant", TenantMember(Role::Member)).costing(&[Cost::of(1.0, 0.0)]);

fn main() -> ExitCode {
    serve(ROUTE, get_tenant)
}

async fn get_tenant(call: Call<NoParameters, NoBody>) -> Result<Reply<TenantView>, Problem> {
    let loaded = call.store.tenants().get().await?;
    let version = loaded.version;
    Ok(Reply::new(TenantView::from(loaded)).version(version))
}
