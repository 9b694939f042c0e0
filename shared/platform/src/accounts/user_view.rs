//! Users as clients see them, in every answer that shows a user.

use domain::id::{TenantId, UserId};
use domain::role::Roles;
use domain::text::{Email, PersonName};
use domain::user::{User, UserStatus};
use domain::{Version, Versioned};
use schemars::JsonSchema;
use serde::Serialize;

#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "User")]
pub struct UserView {
    id: UserId,
    name: PersonName,
    email: Email,
    roles: Roles,
    /// Whether the user is the tenant's owner, who may do everything.
    is_owner: bool,
    status: UserStatus,
    tenant_id: TenantId,
    version: Version,
}

impl UserView {
    pub fn new(
        Versioned { value: user, version }: Versioned<User>,
        tenant: TenantId,
        is_owner: bool,
    ) -> Self {
        let User { id, name, email, roles, status, valid_from: _ } = user;
        Self { id, name, email, roles, is_owner, status, tenant_id: tenant, version }
    }
}
