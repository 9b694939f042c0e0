//! Tenants as operators see them.

use domain::id::{TenantId, UserId};
use domain::tenant::{Suspension, TenantProfile, TenantStatus};
use domain::text::{Email, PersonName, Slug, TenantName, TierName};
use domain::{Version, Versioned};
use platform::accounts::DecidedTenant;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::OnboardRequest;
use crate::requests::AdminRequest;

/// A tenant.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "OperatedTenant")]
pub struct TenantView {
    id: TenantId,
    name: TenantName,
    slug: Slug,
    tier: TierName,
    status: TenantStatus,
    #[serde(skip_serializing_if = "Option::is_none")]
    suspension: Option<Suspension>,
    version: Version,
}

/// What onboarding has made that is not in the request.
#[derive(Serialize, Deserialize)]
pub struct Onboarded {
    pub(crate) tenant: TenantId,
    admin: UserId,
    pub(crate) version: Version,
}

/// A new tenant and its first admin.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "OnboardedTenant")]
pub struct OnboardedView {
    id: TenantId,
    name: TenantName,
    slug: Slug,
    tier: TierName,
    version: Version,
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
    fn from(Versioned { value, version }: Versioned<TenantProfile>) -> Self {
        let status = value.status();
        let TenantProfile { id, name, slug, tier, suspension, overrides: _ } = value;
        Self { id, name, slug, tier, status, suspension, version }
    }
}

impl From<&DecidedTenant> for Onboarded {
    fn from(decided: &DecidedTenant) -> Self {
        let tenant = decided.tenant();
        Self { tenant: tenant.value.id, admin: decided.admin().id, version: tenant.version }
    }
}

impl OnboardedView {
    pub(crate) fn new(request: &OnboardRequest, onboarded: &Onboarded) -> Self {
        let OnboardRequest { name, slug, tier, admin: AdminRequest { name: admin, email, .. } } = request;
        Self {
            id: onboarded.tenant,
            name: name.clone(),
            slug: slug.clone(),
            tier: tier.clone(),
            version: onboarded.version,
            admin: AdminView { id: onboarded.admin, name: admin.clone(), email: email.clone() },
        }
    }
}
