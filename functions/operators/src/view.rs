//! Tenants as operators see them.

use domain::id::{TenantId, UserId};
use domain::tenant::{Suspension, TenantProfile, TenantStatus};
use domain::text::{Email, PersonName, Slug, TenantName, TierName};
use domain::tier::{
    Entitlements, Features, Limits, Overrides, ProductQuota, RequestLimit, Switches, UserQuota,
};
use domain::{Version, Versioned};
use platform::accounts::{Counted, DecidedTenant, Operated};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use usage::UsageView;

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
    /// Those in force.
    limits: Limits,
    /// Those in force.
    features: Features,
    overrides: OverridesView,
    counts: Counted,
    version: Version,
}

/// A tenant, and what it uses.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "InspectedTenant")]
pub struct InspectedView {
    #[serde(flatten)]
    pub(crate) tenant: TenantView,
    /// Since midnight, in UTC.
    pub(crate) usage_today: UsageView,
}

/// What the tenant has instead of what its tier says.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "TenantOverrides")]
struct OverridesView {
    limits: OverriddenLimits,
    features: Switches,
}

#[derive(Debug, Serialize, JsonSchema)]
struct OverriddenLimits {
    #[serde(skip_serializing_if = "Option::is_none")]
    requests: Option<RequestLimit>,
    #[serde(skip_serializing_if = "Option::is_none")]
    users: Option<UserQuota>,
    #[serde(skip_serializing_if = "Option::is_none")]
    products: Option<ProductQuota>,
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

impl From<Operated> for TenantView {
    fn from(Operated { profile: Versioned { value, version }, counted: counts, tiers }: Operated) -> Self {
        let status = value.status();
        let TenantProfile { id, name, slug, tier, suspension, overrides, registration: _, plugins: _ } =
            value;
        let Entitlements { limits, features } = tiers.terms_of(&tier).with(&overrides);
        let overrides = overrides.into();
        Self { id, name, slug, tier, status, suspension, limits, features, overrides, counts, version }
    }
}

impl From<Overrides> for OverridesView {
    fn from(Overrides { requests, users, products, features }: Overrides) -> Self {
        Self { limits: OverriddenLimits { requests, users, products }, features }
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
