use std::process::ExitCode;

use domain::user::Role;
use platform::http::{Call, Cost, NoParameters, Problem, Reply, Route, serve};
use platform::tenancy::TenantMember;
use tenants::{TenantChanges, TenantView};

const ROUTE: Route<TenantMember> =
    Route::patch("/tenant", TenantMember(Role::Admin)).conditional().costing(&[Cost::of(1.0, 4.0)]);

fn main() -> ExitCode {
    serve(ROUTE, rename_tenant)
}

async fn rename_tenant(call: Call<NoParameters, TenantChanges>) -> Result<Reply<TenantView>, Problem> {
    let loaded = call.store.tenants().get().await?;
    call.admit(loaded.version)?;
    let before = loaded.version;
    let next = loaded.renamed(call.body.name.clone());
    let reply = Reply::new(TenantView::from(next.clone())).version(next.version);
    call.store.tenants().rename(before, &next, &call.command(&reply)?).await?;
    Ok(reply)
}
