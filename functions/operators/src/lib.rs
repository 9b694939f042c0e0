//! What operators do: they onboard tenants, and look after them.

mod requests;
mod view;

use domain::Versioned;
use domain::operator::Action;
use domain::tenant::TenantProfile;
use platform::accounts::{Onboarding, OperatedTenant, Operating};
use platform::http::{NoParameters, OperatorCall, Precondition, Problem, Reply};

pub use requests::{OnboardRequest, TenantParameters};
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
pub async fn tenant<B, C: Precondition>(
    operating: &'static Operating,
    call: &OperatorCall<TenantParameters, B, C>,
) -> Result<(OperatedTenant, Versioned<TenantProfile>), Problem> {
    let tenant = operating.tenant(call, call.parameters.id).await?;
    match tenant.profile().await? {
        Some(profile) => Ok((tenant, profile)),
        None => Err(Problem::not_found("tenant")),
    }
}

/// The reply that shows a tenant.
pub fn show(profile: Versioned<TenantProfile>) -> Reply<TenantView> {
    let version = profile.version;
    Reply::new(TenantView::from(profile)).version(version)
}
