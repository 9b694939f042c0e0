//! Profiles of tenants.

mod requests;
mod view;

use domain::Versioned;
use domain::tenant::{Command, TenantProfile, TenantRefusal};
use domain::tier::Entitlements;
use platform::http::{Call, Conditional, NoBody, NoParameters, Problem, Reply};

pub use requests::TenantChanges;
pub use view::TenantView;

pub async fn show(call: &Call<NoParameters, NoBody>) -> Result<Reply<TenantView>, Problem> {
    Ok(reply(call.store.tenants().get().await?, &call.entitlements))
}

pub async fn rename(
    call: &Call<NoParameters, TenantChanges, Conditional>,
) -> Result<Reply<TenantView>, Problem> {
    let known = call.expect(call.store.tenants().get().await?)?;
    let command = Command::Rename { name: call.body.name.clone() };
    let decided = known.decide(|tenant| tenant.decide(command, call.stamp())).map_err(refused)?;
    let reply = reply(decided.next.clone(), &call.entitlements);
    call.store.tenants().commit(&decided, &call.command(&reply)?).await?;
    Ok(reply)
}

fn refused(refusal: TenantRefusal) -> Problem {
    Problem::conflict(refusal.to_string())
}

fn reply(tenant: Versioned<TenantProfile>, entitlements: &Entitlements) -> Reply<TenantView> {
    let version = tenant.version;
    Reply::new(TenantView::new(tenant, entitlements)).version(version)
}
