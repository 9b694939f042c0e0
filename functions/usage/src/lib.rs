//! Usage: what tenants and the platform have used, out of the lines of the log, and what that costs; and its closing,
//! day by day.

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod close;
mod line;
mod meter;
mod requests;
mod store;
mod view;

use domain::usage::Day;
use futures::future::try_join;
use jiff::Timestamp;
use platform::accounts::Operating;
use platform::http::{Call, NoBody, OperatorCall, Problem};
use platform::table::{Scope, UsageLedger};
use platform::usage::prices;

pub use close::{Closer, NotClosed, close};
pub use meter::meter;
use requests::{By, span};
pub use requests::{DayParameters, Parameters, TenantParameters};
pub use view::{OwnView, PeriodsView, RankingView, UsageView};

/// The requests of the signed-in user's tenant, by day, and what it has of what its limits are about.
pub async fn of_own_tenant(call: &Call<Parameters, NoBody>) -> Result<OwnView, Problem> {
    let Parameters { from, to } = call.parameters;
    let (span, counts) = (span(from, to, call.now())?, call.store.counts());
    let (hours, counted) = try_join(call.store.usage(span), counts.get()).await?;
    Ok(OwnView::new(hours, counted, call.entitlements.limits))
}

/// What the tenant that the path names has used, for operators.
pub async fn of_tenant(
    operating: &'static Operating,
    call: &OperatorCall<TenantParameters, NoBody>,
) -> Result<PeriodsView, Problem> {
    let TenantParameters { id, from, to, by } = call.parameters;
    let span = span(from, to, call.now())?;
    let prices = prices().map_err(Problem::internal)?;
    let tenant = operating.tenant(call, id).await?;
    if tenant.profile().await?.is_none() {
        return Err(Problem::not_found("tenant"));
    }
    let hours = tenant.scope().usage(span).await?;
    Ok(match by {
        By::Hour => PeriodsView::by_hour(&hours, &prices),
        By::Day => PeriodsView::by_day(hours, &prices),
    })
}

/// What was used on a day, for operators.
pub async fn of_day(
    ledger: &UsageLedger,
    call: &OperatorCall<DayParameters, NoBody>,
) -> Result<RankingView, Problem> {
    let DayParameters { day, limit } = call.parameters;
    let day = day.unwrap_or_else(|| Day::of(call.now()));
    let prices = prices().map_err(Problem::internal)?;
    Ok(RankingView::new(day, ledger.of_day(day).await?, limit.get(), &prices))
}

/// What a tenant has used today.
pub async fn today(scope: &Scope, now: Timestamp) -> Result<UsageView, Problem> {
    let today = Day::of(now);
    let prices = prices().map_err(Problem::internal)?;
    let hours = scope.usage(span(Some(today), Some(today), now)?).await?;
    Ok(UsageView::new(&hours.into_iter().map(|(_, usage)| usage).sum(), &prices))
}
