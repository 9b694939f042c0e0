//! What operators do: they onboard tenants.

mod requests;
mod view;

use platform::accounts::Onboarding;
use platform::http::{NoParameters, OperatorCall, Problem, Reply};

pub use requests::OnboardRequest;
pub use view::{Onboarded, OnboardedView};

pub async fn onboard(
    onboarding: &Onboarding,
    call: &OperatorCall<NoParameters, OnboardRequest>,
) -> Result<Reply<OnboardedView>, Problem> {
    onboarding.tiers().await?.require(&call.body.tier).map_err(|rule| Problem::invalid("/tier", rule))?;
    let decided = call.body.new_tenant().decide(call.stamp())?;
    let onboarded = Onboarded::from(&decided);
    let reply = reply(&call.body, &onboarded);
    onboarding.commit(&decided, &call.command_on(&onboarded, &reply)?).await?;
    Ok(reply)
}

/// The reply to this request, whose result was this. A repetition is the same request, so its reply is the same.
pub fn reply(request: &OnboardRequest, onboarded: &Onboarded) -> Reply<OnboardedView> {
    Reply::new(OnboardedView::new(request, onboarded)).version(onboarded.version)
}
