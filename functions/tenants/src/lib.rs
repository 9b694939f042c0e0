//! Profiles of tenants.

mod requests;
mod view;

use domain::Versioned;
use domain::registration::RegistrationForm;
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
    change(call, Command::Rename { name: call.body.name.clone() }).await
}

/// Decides who may register as a user of the tenant.
pub async fn set_registration(
    call: &Call<NoParameters, RegistrationForm, Conditional>,
) -> Result<Reply<TenantView>, Problem> {
    let registration = call.body.clone().try_into().map_err(|rule| Problem::invalid("/domains", rule))?;
    change(call, Command::SetRegistration { registration }).await
}

async fn change<B>(
    call: &Call<NoParameters, B, Conditional>,
    command: Command,
) -> Result<Reply<TenantView>, Problem> {
    let known = call.expect(call.store.tenants().get().await?)?;
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
    Reply::new(TenantView::new(tenant, entitlements)).version_beside_others(version)
}
