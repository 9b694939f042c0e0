//! The parameters for an order at a version or at a time.

use domain::id::OrderId;
use jiff::Timestamp;
use platform::http::{Problem, Rfc3339, VersionParameter};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::store::AsOf;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PointInTime {
    pub(crate) id: OrderId,
    /// The order at this version.
    version: Option<VersionParameter>,
    /// The order as it was at this time. Cannot be combined with version.
    at: Option<Rfc3339>,
}

impl PointInTime {
    pub(crate) fn as_of(&self, now: Timestamp) -> Result<AsOf, Problem> {
        match (self.version, self.at.map(Timestamp::from)) {
            (Some(_), Some(_)) => Err(Problem::invalid("/at", "may not be sent together with version")),
            (None, Some(at)) if at > now => Err(Problem::invalid("/at", "must not be in the future")),
            (None, Some(at)) => Ok(AsOf::Time(at)),
            (Some(version), None) => Ok(AsOf::Version(version.get())),
            (None, None) => Ok(AsOf::Now),
        }
    }
}
