//! Parameters and bodies of requests.

use domain::tenant::Tier;
use domain::text::{Email, Password, PersonName, Slug, TenantName};
use platform::accounts::{NewAdmin, NewTenant};
use schemars::JsonSchema;
use serde::Deserialize;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct OnboardRequest {
    name: TenantName,
    slug: Slug,
    tier: Tier,
    admin: AdminRequest,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct AdminRequest {
    name: PersonName,
    email: Email,
    password: Password,
}

impl From<OnboardRequest> for NewTenant {
    fn from(OnboardRequest { name, slug, tier, admin }: OnboardRequest) -> Self {
        let AdminRequest { name: admin_name, email, password } = admin;
        Self { name, slug, tier, admin: NewAdmin { name: admin_name, email, password } }
    }
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TenantChanges {
    pub(crate) name: TenantName,
}
