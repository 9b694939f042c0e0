//! Tenants as clients see them.

use domain::id::{TenantId, UserId};
use domain::tenant::{TenantProfile, Tier};
use domain::text::{Email, PersonName, Slug, TenantName};
use domain::user::User;
use domain::{Version, Versioned};
use schemars::JsonSchema;
use serde::Serialize;

#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Tenant")]
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
#[schemars(rename = "OnboardedTenant")]
pub struct OnboardedView {
    #[serde(flatten)]
    tenant: TenantView,
    admin: AdminView,
}

#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "FirstAdmin")]
struct AdminView {
    id: UserId,
    name: PersonName,
    email: Email,
}

impl From<Versioned<TenantProfile>> for TenantView {
    fn from(Versioned { value: profile, version }: Versioned<TenantProfile>) -> Self {
        let TenantProfile { id, name, slug, tier, status: _ } = profile;
        Self { id, name, slug, tier, version }
    }
}

impl OnboardedView {
    pub(crate) fn new(tenant: Versioned<TenantProfile>, admin: User) -> Self {
        let tenant = tenant.into();
        Self { tenant, admin: AdminView { id: admin.id, name: admin.name, email: admin.email } }
    }
}
