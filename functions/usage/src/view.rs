//! What is shown of usage.

use std::collections::BTreeMap;

use domain::id::TenantId;
use domain::tier::Limits;
use domain::usage::{Cost, Day, Hour, Prices, Usage};
use platform::accounts::Counted;
use platform::table::DayUsage;
use schemars::JsonSchema;
use serde::Serialize;

/// Requests by day, and what the tenant has beside the most that it may have.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "OwnUsage")]
pub struct OwnView {
    /// The newest day first. Days without usage are left out; requests are added up after some seconds.
    items: Vec<DayView>,
    counts: Counted,
    /// Those in force, as they were up to a minute ago.
    limits: Limits,
}

#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "RequestsOfDay")]
struct DayView {
    /// In UTC.
    day: Day,
    requests: u64,
    /// Requests that were answered with a status of 500 or more, and attempts of consumers that failed.
    errors: u64,
}

/// What was used, and what that costs.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Usage")]
pub struct UsageView {
    requests: u64,
    /// Requests that were answered with a status of 500 or more, and attempts of consumers that failed.
    errors: u64,
    /// DynamoDB's units.
    read_units: f64,
    write_units: f64,
    /// Functions' time, in milliseconds.
    function_ms: u64,
    /// By the prices of now.
    cost: Cost,
}

/// What a tenant has used, by hour or by day.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "TenantUsage")]
pub struct PeriodsView {
    /// The newest first. Hours and days without usage are left out.
    items: Vec<PeriodView>,
    total: UsageView,
}

#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "UsageOfPeriod")]
struct PeriodView {
    /// A day, as `2026-11-28`, or an hour, as `2026-11-28T03`, in UTC.
    period: String,
    #[serde(flatten)]
    usage: UsageView,
}

/// What was used on a day.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "UsageOfDay")]
pub struct RankingView {
    /// In UTC.
    day: Day,
    /// The tenants that cost most, the one first that costs most of all.
    tenants: Vec<RankedView>,
    /// What was used for no tenant.
    platform: UsageView,
    /// Of all tenants and the platform.
    total: UsageView,
    /// Whether all tenants were looked at. There may be more than one answer can read.
    is_complete: bool,
}

#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "UsageOfTenant")]
struct RankedView {
    tenant: TenantId,
    #[serde(flatten)]
    usage: UsageView,
}

impl OwnView {
    pub(crate) fn new(hours: Vec<(Hour, Usage)>, counts: Counted, limits: Limits) -> Self {
        let view = |(day, Usage { requests, errors, .. })| DayView { day, requests, errors };
        Self { items: by_day(hours).into_iter().rev().map(view).collect(), counts, limits }
    }
}

impl UsageView {
    pub(crate) fn new(usage: &Usage, prices: &Prices) -> Self {
        Self {
            requests: usage.requests,
            errors: usage.errors,
            read_units: units(usage.read_milliunits),
            write_units: units(usage.write_milliunits),
            function_ms: usage.function_us / 1_000,
            cost: prices.cost(usage),
        }
    }
}

impl PeriodsView {
    pub(crate) fn by_hour(hours: &[(Hour, Usage)], prices: &Prices) -> Self {
        Self::new(hours.iter().map(|(hour, usage)| (hour.to_string(), *usage)), prices)
    }

    pub(crate) fn by_day(hours: Vec<(Hour, Usage)>, prices: &Prices) -> Self {
        Self::new(by_day(hours).into_iter().map(|(day, usage)| (day.to_string(), usage)), prices)
    }

    fn new(periods: impl DoubleEndedIterator<Item = (String, Usage)>, prices: &Prices) -> Self {
        let mut total = Usage::default();
        let view = |(period, usage)| {
            total += usage;
            PeriodView { period, usage: UsageView::new(&usage, prices) }
        };
        let items = periods.rev().map(view).collect();
        Self { items, total: UsageView::new(&total, prices) }
    }
}

impl RankingView {
    pub(crate) fn new(day: Day, used: DayUsage, limit: usize, prices: &Prices) -> Self {
        let DayUsage { mut tenants, platform, is_complete } = used;
        let total = platform + tenants.iter().map(|(_, usage)| *usage).sum();
        tenants.sort_by_cached_key(|(tenant, usage)| (std::cmp::Reverse(prices.cost(usage)), *tenant));
        let ranked = |(tenant, usage): &(TenantId, Usage)| RankedView {
            tenant: *tenant,
            usage: UsageView::new(usage, prices),
        };
        Self {
            day,
            tenants: tenants.iter().take(limit).map(ranked).collect(),
            platform: UsageView::new(&platform, prices),
            total: UsageView::new(&total, prices),
            is_complete,
        }
    }
}

fn by_day(hours: Vec<(Hour, Usage)>) -> BTreeMap<Day, Usage> {
    let mut days = BTreeMap::<Day, Usage>::new();
    for (hour, usage) in hours {
        *days.entry(hour.day()).or_default() += usage;
    }
    days
}

/// No money: a count that comes in halves.
fn units(milliunits: u64) -> f64 {
    milliunits as f64 / 1_000.0
}
