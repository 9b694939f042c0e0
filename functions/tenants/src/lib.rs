//! What the endpoints of tenants read and answer.

use domain::id::{TenantId, UserId};
use domain::tenant::{TenantProfile, Tier};
use domain::text::{Email, Password, PersonName, Slug, TenantName};
use domain::user::User;
use platform::stores::{LoadedTenant, Version};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct OnboardRequest {
    pub name: TenantName,
    pub slug: Slug,
    pub tier: Tier,
    pub admin: AdminRequest,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct AdminRequest {
    pub name: PersonName,
    pub email: Email,
    pub password: Password,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TenantChanges {
    pub name: TenantName,
}

#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TenantView {
    id: TenantId,
    name: TenantName,
    slug: Slug,
    tier: Tier,
    version: Version,
}

/// A new tenant and its first admin.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OnboardedView {
    #[serde(flatten)]
    tenant: TenantView,
    admin: AdminView,
}

#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct AdminView {
    id: UserId,
    name: PersonName,
    email: Email,
}

impl From<LoadedTenant> for TenantView {
    fn from(LoadedTenant { profile, version }: LoadedTenant) -> Self {
        let TenantProfile { id, name, slug, tier } = profile;
        Self { id, name, slug, tier, version }
    }
}

impl OnboardedView {
    pub fn new(profile: TenantProfile, admin: User) -> Self {
        let tenant = LoadedTenant { profile, version: Version::FIRST }.into();
        Self { tenant, admin: AdminView { id: admin.id, name: admin.name, email: admin.email } }
    }
}
