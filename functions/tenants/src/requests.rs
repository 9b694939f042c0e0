//! Parameters and bodies of requests.

use domain::tenant::Tier;
use domain::text::{Email, Password, PersonName, Slug, TenantName};
use schemars::JsonSchema;
use serde::Deserialize;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct OnboardRequest {
    pub(crate) name: TenantName,
    pub(crate) slug: Slug,
    pub(crate) tier: Tier,
    pub(crate) admin: AdminRequest,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct AdminRequest {
    pub(crate) name: PersonName,
    pub(crate) email: Email,
    pub(crate) password: Password,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TenantChanges {
    pub(crate) name: TenantName,
}
