//! Tenants as clients see them.

use domain::id::TenantId;
use domain::tenant::{TenantProfile, Tier};
use domain::text::{Slug, TenantName};
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

impl From<Versioned<TenantProfile>> for TenantView {
    fn from(Versioned { value: profile, version }: Versioned<TenantProfile>) -> Self {
        let TenantProfile { id, name, slug, tier, suspension: _ } = profile;
        Self { id, name, slug, tier, version }
    }
}
