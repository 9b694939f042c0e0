//! Bodies of requests.

use domain::id::TenantId;
use domain::tenant::Command;
use domain::text::{Email, Password, PersonName, Slug, SuspensionReason, TenantName, TierName};
use platform::accounts::{NewAdmin, NewTenant};
use schemars::JsonSchema;
use serde::Deserialize;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TenantParameters {
    pub(crate) id: TenantId,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SuspensionRequest {
    reason: SuspensionReason,
}

impl SuspensionRequest {
    pub fn command(&self) -> Command {
        Command::Suspend { reason: self.reason.clone() }
    }
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct OnboardRequest {
    pub(crate) name: TenantName,
    pub(crate) slug: Slug,
    pub(crate) tier: TierName,
    pub(crate) admin: AdminRequest,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct AdminRequest {
    pub(crate) name: PersonName,
    pub(crate) email: Email,
    password: Password,
}

impl OnboardRequest {
    pub(crate) fn new_tenant(&self) -> NewTenant {
        let AdminRequest { name, email, password } = &self.admin;
        NewTenant {
            name: self.name.clone(),
            slug: self.slug.clone(),
            tier: self.tier.clone(),
            admin: NewAdmin { name: name.clone(), email: email.clone(), password: password.clone() },
        }
    }
}
