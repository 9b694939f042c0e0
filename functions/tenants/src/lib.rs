//! What the endpoints of tenants read and answer.

use domain::id::{TenantId, UserId};
use domain::tenant::{TenantProfile, Tier};
use domain::text::{Email, Password, PersonName, Slug, TenantName};
use domain::user::User;
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

#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TenantView {
    id: TenantId,
    name: TenantName,
    slug: Slug,
    tier: Tier,
    admin: AdminView,
}

#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct AdminView {
    id: UserId,
    name: PersonName,
    email: Email,
}

impl TenantView {
    pub fn new(profile: TenantProfile, admin: User) -> Self {
        let TenantProfile { id, name, slug, tier } = profile;
        let admin = AdminView { id: admin.id, name: admin.name, email: admin.email };
        Self { id, name, slug, tier, admin }
    }
}
