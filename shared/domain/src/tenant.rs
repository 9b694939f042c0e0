//! Tenants: the customers of the platform, each apart from the others.

use crate::id::TenantId;
use crate::rule::named;
use crate::text::{Slug, TenantName};

named! {
    pub enum Tier {
        Free => "free",
        Standard => "standard",
        Premium => "premium",
    }
}

named! {
    pub enum TenantStatus {
        Active => "active",
        Suspended => "suspended",
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantProfile {
    pub id: TenantId,
    pub name: TenantName,
    pub slug: Slug,
    pub tier: Tier,
}
