//! What clients ask for.

use domain::id::TenantId;
use domain::usage::{Day, Span};
use jiff::Timestamp;
use platform::http::{Limit, Problem};
use schemars::JsonSchema;
use serde::Deserialize;

/// How many days before the last one are shown, unless the client says otherwise.
const BEFORE: i32 = 6;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    /// The first day, in UTC. Without it, seven days are shown.
    pub(crate) from: Option<Day>,
    /// The last day, in UTC; today without it. At most 31 days are shown.
    pub(crate) to: Option<Day>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TenantParameters {
    pub(crate) id: TenantId,
    /// The first day, in UTC. Without it, seven days are shown.
    pub(crate) from: Option<Day>,
    /// The last day, in UTC; today without it. At most 31 days are shown.
    pub(crate) to: Option<Day>,
    #[serde(default)]
    pub(crate) by: By,
}

/// What is added up to one item.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum By {
    Hour,
    #[default]
    Day,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DayParameters {
    /// In UTC; today without it.
    pub(crate) day: Option<Day>,
    #[serde(default)]
    pub(crate) limit: Limit,
}

pub(crate) fn span(from: Option<Day>, to: Option<Day>, now: Timestamp) -> Result<Span, Problem> {
    let last = to.unwrap_or_else(|| Day::of(now));
    let first = from.unwrap_or_else(|| last.before(BEFORE));
    Span::new(first, last).map_err(|rule| Problem::invalid("/to", rule))
}
