//! Bodies of requests.

use domain::text::TenantName;
use schemars::JsonSchema;
use serde::Deserialize;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TenantChanges {
    pub(crate) name: TenantName,
}
