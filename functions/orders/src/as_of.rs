//! An order as it stood at a version or at a time.

use domain::id::OrderId;
use jiff::Timestamp;
use platform::http::{Call, Moment, Problem};
use platform::stores::{AsOf, LoadedOrder};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{VersionParameter, visible};

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PointInTime {
    id: OrderId,
    /// The order as this version of it.
    version: Option<VersionParameter>,
    /// The order as it stood at this time. Not together with version.
    at: Option<Moment>,
}

impl PointInTime {
    fn as_of(&self, now: Timestamp) -> Result<AsOf, Problem> {
        match (self.version, self.at.map(Timestamp::from)) {
            (Some(_), Some(_)) => Err(Problem::invalid("/at", "may not be sent together with version")),
            (None, Some(at)) if at > now => Err(Problem::invalid("/at", "must not be in the future")),
            (None, Some(at)) => Ok(AsOf::Time(at)),
            (Some(VersionParameter(version)), None) => Ok(AsOf::Version(version)),
            (None, None) => Ok(AsOf::Now),
        }
    }
}

/// What the caller may not see reads like what is not there, at any version and time.
pub async fn order_as_of<B>(call: &Call<PointInTime, B>) -> Result<LoadedOrder, Problem> {
    let as_of = call.parameters.as_of(call.now())?;
    let loaded = call.store.orders().load_as_of(call.parameters.id, as_of).await?;
    match (visible(call.caller, loaded), as_of) {
        (Some(loaded), AsOf::Version(asked)) if loaded.version < asked => {
            Err(Problem::not_found(&format!("version of the order yet; it is at version {}", loaded.version)))
        }
        (Some(loaded), _) => Ok(loaded),
        (None, AsOf::Time(_)) => Err(Problem::not_found("order at that time")),
        (None, _) => Err(Problem::not_found("order")),
    }
}
