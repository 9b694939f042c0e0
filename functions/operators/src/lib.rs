//! What operators do: they onboard tenants, and look after them.

mod admins;
mod lists;
mod owners;
mod requests;
mod tiers;
mod view;

use domain::operator::Action;
use domain::tenant::{Command, TenantProfile, TenantRefusal};
use platform::accounts::{Onboarding, Operated, OperatedTenant, Operating};
use platform::http::{Conditional, NoBody, NoParameters, OperatorCall, Precondition, Problem, Reply};

pub use admins::{add_admin, show_admin};
pub use lists::{
    ListParameters, ListedTenantView, OperationView, OperationsParameters, TenantAuditParameters, audit,
    list, list_operations,
};
pub use owners::{replace_owner, show_successor};
pub use requests::{
    AdminRequest, OnboardRequest, SuccessorRequest, SuspensionRequest, TenantParameters, TermsRequest,
    TierParameters, TierRequest,
};
pub use tiers::{TiersView, replace_tier, show_tiers};
pub use view::{InspectedView, Onboarded, OnboardedView, TenantView};

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

/// The tenant that the path names, and what is shown of it. Answers 404 if there is none.
async fn tenant<B, C: Precondition>(
    operating: &'static Operating,
    call: &OperatorCall<TenantParameters, B, C>,
) -> Result<(OperatedTenant, Operated), Problem> {
    let tenant = operating.tenant(call, call.parameters.id).await?;
    match tenant.read().await? {
        Some(operated) => Ok((tenant, operated)),
        None => Err(Problem::not_found("tenant")),
    }
}

/// The tenant that the path names, and what it has used today.
pub async fn inspect(
    operating: &'static Operating,
    call: &OperatorCall<TenantParameters, NoBody>,
) -> Result<Reply<InspectedView>, Problem> {
    let (tenant, operated) = tenant(operating, call).await?;
    let usage_today = usage::today(tenant.scope(), call.now()).await?;
    let version = operated.profile.version;
    let view = InspectedView { tenant: operated.into(), usage_today };
    Ok(Reply::new(view).version_beside_others(version))
}

/// Gives the tenant that the path names another tier, or limits and features of its own.
pub async fn change_terms(
    operating: &'static Operating,
    call: &OperatorCall<TenantParameters, TermsRequest, Conditional>,
) -> Result<Reply<TenantView>, Problem> {
    let (tenant, operated) = tenant(operating, call).await?;
    let change = call.body.change();
    if let Some(tier) = &change.tier {
        operated.tiers.require(tier).map_err(|rule| Problem::invalid("/tier", rule))?;
    }
    let action = |next: &TenantProfile| Action::ChangeTerms {
        tier: next.tier.clone(),
        overrides: next.overrides.clone(),
    };
    decide(call, (tenant, operated), Command::ChangeTerms(change), action).await
}

/// Suspends or resumes the tenant that the path names.
pub async fn change<B>(
    operating: &'static Operating,
    call: &OperatorCall<TenantParameters, B, Conditional>,
    (command, action): (Command, Action),
) -> Result<Reply<TenantView>, Problem> {
    decide(call, tenant(operating, call).await?, command, |_| action).await
}

async fn decide<B>(
    call: &OperatorCall<TenantParameters, B, Conditional>,
    (tenant, operated): (OperatedTenant, Operated),
    command: Command,
    action: impl FnOnce(&TenantProfile) -> Action,
) -> Result<Reply<TenantView>, Problem> {
    let known = call.expect(operated.profile.clone())?;
    let decided = known.decide(|profile| profile.decide(command, call.stamp())).map_err(refused)?;
    let action = action(&decided.next.value);
    tenant.commit(&decided, &call.command(action, Some(call.parameters.id))?).await?;
    Ok(show(Operated { profile: decided.next, ..operated }))
}

fn refused(refusal: TenantRefusal) -> Problem {
    Problem::conflict(refusal.to_string())
}

fn show(operated: Operated) -> Reply<TenantView> {
    let version = operated.profile.version;
    Reply::new(TenantView::from(operated)).version_beside_others(version)
}
