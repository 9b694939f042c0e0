//! Tenants as clients see them.

use domain::id::TenantId;
use domain::registration::RegistrationForm;
use domain::tenant::TenantProfile;
use domain::text::{Slug, TenantName, TierName};
use domain::tier::{Entitlements, Features, Limits};
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
    tier: TierName,
    /// Who may register as a user of the tenant.
    registration: RegistrationForm,
    /// What is in force, as it was up to a minute ago.
    limits: Limits,
    features: Features,
    version: Version,
}

impl TenantView {
    pub(crate) fn new(tenant: Versioned<TenantProfile>, entitlements: &Entitlements) -> Self {
        let Versioned { value: profile, version } = tenant;
        let TenantProfile { id, name, slug, tier, suspension: _, overrides: _, registration, plugins: _ } =
            profile;
        let Entitlements { limits, features } = entitlements.clone();
        let registration = registration.into();
        Self { id, name, slug, tier, registration, limits, features, version }
    }
}
