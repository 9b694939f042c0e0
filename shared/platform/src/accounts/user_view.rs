//! Users as clients see them, in every answer that shows a user.

use domain::id::{TenantId, UserId};
use domain::text::{Email, PersonName};
use domain::user::{Role, User, UserStatus};
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
    role: Role,
    status: UserStatus,
    tenant_id: TenantId,
    version: Version,
}

impl UserView {
    pub fn new(Versioned { value: user, version }: Versioned<User>, tenant: TenantId) -> Self {
        let User { id, name, email, role, status, valid_from: _ } = user;
        Self { id, name, email, role, status, tenant_id: tenant, version }
    }
}
