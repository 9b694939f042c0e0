//! What operators do: they onboard tenants, and look after them.

mod lists;
mod requests;
mod view;

use domain::Versioned;
use domain::id::TenantId;
use domain::operator::Action;
use domain::tenant::{Command, TenantProfile, TenantRefusal};
use platform::accounts::{Onboarding, OperatedTenant, Operating};
use platform::http::{Conditional, NoParameters, OperatorCall, Precondition, Problem, Reply};

pub use lists::{
    ListParameters, ListedTenantView, OperationView, OperationsParameters, TenantAuditParameters, audit,
    list, list_operations,
};
pub use requests::{OnboardRequest, SuspensionRequest, TenantParameters};
pub use view::{Onboarded, OnboardedView, TenantView};

pub async fn onboard(
    onboarding: &Onboarding,
    call: &OperatorCall<NoParameters, OnboardRequest>,
) -> Result<Reply<OnboardedView>, Problem> {
    onboarding.tiers().await?.require(&call.body.tier).map_err(|rule| Problem::invalid("/tier", rule))?;
    let decided = call.body.new_tenant().decide(call.stamp())?;
    let onboarded = Onboarded::from(&decided);
    let reply = reply(&call.body, &onboarded);
    let OnboardRequest { slug, tier, .. } = &call.body;
    let action = Action::OnboardTenant { slug: slug.clone(), tier: tier.clone() };
    let command = call.command_on((action, Some(onboarded.tenant)), &onboarded, &reply)?;
    onboarding.commit(&decided, &command).await?;
    Ok(reply)
}

/// The reply to this request, whose result was this. A repetition is the same request, so its reply is the same.
pub fn reply(request: &OnboardRequest, onboarded: &Onboarded) -> Reply<OnboardedView> {
    Reply::new(OnboardedView::new(request, onboarded)).version(onboarded.version)
}

/// The tenant that the path names, and its profile. Answers 404 if there is none.
pub async fn tenant<P: AsRef<TenantId>, B, C: Precondition>(
    operating: &'static Operating,
    call: &OperatorCall<P, B, C>,
) -> Result<(OperatedTenant, Versioned<TenantProfile>), Problem> {
    let tenant = operating.tenant(call, *call.parameters.as_ref()).await?;
    match tenant.profile().await? {
        Some(profile) => Ok((tenant, profile)),
        None => Err(Problem::not_found("tenant")),
    }
}

/// Changes the tenant that the path names.
pub async fn change<B>(
    operating: &'static Operating,
    call: &OperatorCall<TenantParameters, B, Conditional>,
    (command, action): (Command, Action),
) -> Result<Reply<TenantView>, Problem> {
    let (tenant, profile) = tenant(operating, call).await?;
    let decided = call.expect(profile)?.decide(|profile| profile.decide(command, call.stamp()));
    let decided = decided.map_err(refused)?;
    tenant.commit(&decided, &call.command(action, Some(call.parameters.id))?).await?;
    Ok(show(decided.next))
}

fn refused(refusal: TenantRefusal) -> Problem {
    Problem::conflict(refusal.to_string())
}

/// The reply that shows a tenant.
pub fn show(profile: Versioned<TenantProfile>) -> Reply<TenantView> {
    let version = profile.version;
    Reply::new(TenantView::from(profile)).version(version)
}
