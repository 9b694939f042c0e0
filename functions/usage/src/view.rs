//! What tenants see of their usage.

use std::collections::BTreeMap;

use domain::usage::{Day, Span, Usage};
use platform::http::{Call, NoBody, Problem};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How many days before the last one are shown, unless the client says otherwise.
const BEFORE: i32 = 6;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    /// The first day, in UTC. Without it, seven days are shown.
    from: Option<Day>,
    /// The last day, in UTC; today without it. At most 31 days are shown.
    to: Option<Day>,
}

/// Requests by day. Lines of the log are added up some seconds after they were written.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "RequestsByDay")]
pub struct DaysView {
    /// The newest day first. Days without usage are left out.
    items: Vec<DayView>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "RequestsOfDay")]
struct DayView {
    /// In UTC.
    day: Day,
    requests: u64,
    /// How many of them were answered with a status of 500 or more.
    errors: u64,
}

/// The requests of the signed-in user's tenant, by day.
pub async fn of_own_tenant(call: &Call<Parameters, NoBody>) -> Result<DaysView, Problem> {
    let Parameters { from, to } = call.parameters;
    let last = to.unwrap_or_else(|| Day::of(call.now()));
    let span = Span::new(from.unwrap_or_else(|| last.before(BEFORE)), last);
    let span = span.map_err(|rule| Problem::invalid("/to", rule))?;
    let mut days = BTreeMap::<Day, Usage>::new();
    for (hour, usage) in call.store.usage(span).await? {
        *days.entry(hour.day()).or_default() += usage;
    }
    let view = |(day, Usage { requests, errors, .. })| DayView { day, requests, errors };
    Ok(DaysView { items: days.into_iter().rev().map(view).collect() })
}
