//! Tenants: their onboarding and their profiles.

mod requests;
mod view;

use domain::id::{TenantId, UserId};
use domain::tenant::{Command, TenantProfile};
use domain::user::User;
use domain::{Version, Versioned};
use platform::accounts::Onboarding;
use platform::http::{Call, Conditional, NoBody, NoParameters, OpenCall, Problem, Reply};
use platform::new_id;

pub use requests::{OnboardRequest, TenantChanges};
pub use view::{OnboardedView, TenantView};

pub async fn onboard(
    onboarding: &Onboarding,
    call: OpenCall<NoParameters, OnboardRequest>,
) -> Result<Reply<OnboardedView>, Problem> {
    let (stamp, context) = (call.operator_stamp(), call.operator_command());
    let OnboardRequest { name, slug, tier, admin } = call.body;
    let password = admin.password;
    let admin = User::first_admin(new_id(UserId::from_uuid), admin.name, admin.email, stamp);
    let profile = TenantProfile { id: new_id(TenantId::from_uuid), name, slug, tier };
    let tenant = profile.onboard(&admin.next, stamp);
    let onboarded = Versioned { value: tenant.next.clone(), version: Version::FIRST };
    let reply = Reply::new(OnboardedView::new(onboarded, admin.next.clone())).version(Version::FIRST);
    onboarding.onboard(tenant, admin, &password, &context).await?;
    Ok(reply)
}

pub async fn show(call: &Call<NoParameters, NoBody>) -> Result<Reply<TenantView>, Problem> {
    Ok(reply(call.store.tenants().get().await?))
}

pub async fn rename(
    call: &Call<NoParameters, TenantChanges, Conditional>,
) -> Result<Reply<TenantView>, Problem> {
    let known = call.expect(call.store.tenants().get().await?)?;
    let command = Command::Rename { name: call.body.name.clone() };
    let decided = known.decide(|tenant| tenant.decide(command, call.stamp()))?;
    let reply = reply(decided.next.clone());
    call.store.tenants().commit(&decided, &call.command(&reply)?).await?;
    Ok(reply)
}

fn reply(tenant: Versioned<TenantProfile>) -> Reply<TenantView> {
    let version = tenant.version;
    Reply::new(TenantView::from(tenant)).version(version)
}
