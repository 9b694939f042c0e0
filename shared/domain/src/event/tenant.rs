use serde::{Deserialize, Serialize};

use crate::id::UserId;
use crate::tenant::Tier;
use crate::text::{Email, PersonName, Slug, TenantName};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TenantOnboarded {
    pub name: TenantName,
    pub slug: Slug,
    pub tier: Tier,
    /// The first admin, for whom there is no `UserRegistered` event.
    pub admin: UserId,
    pub admin_name: PersonName,
    pub admin_email: Email,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TenantRenamed {
    pub name: TenantName,
}
