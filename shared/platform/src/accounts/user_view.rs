//! Users as clients see them, in every answer that shows a user.

use domain::id::{TenantId, UserId};
use domain::person::Person;
use domain::role::Roles;
use domain::text::Email;
use domain::user::{User, UserStatus};
use domain::{Version, Versioned};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "User")]
pub struct UserView {
    id: UserId,
    #[serde(flatten)]
    person: Person,
    email: Email,
    roles: Roles,
    /// Whether the user is the tenant's owner, who may do everything.
    is_owner: bool,
    status: UserStatus,
    created_at: Timestamp,
    /// Of a user who is shown alone, and has signed in: when that was last.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_sign_in_at: Option<Timestamp>,
    tenant_id: TenantId,
    version: Version,
}

impl UserView {
    pub fn new(
        Versioned { value: user, version }: Versioned<User>,
        tenant: TenantId,
        is_owner: bool,
    ) -> Self {
        let created_at = user.created_at();
        let User { id, person, email, roles, status, valid_from: _ } = user;
        let last_sign_in_at = None;
        Self {
            id,
            person,
            email,
            roles,
            is_owner,
            status,
            created_at,
            last_sign_in_at,
            tenant_id: tenant,
            version,
        }
    }

    #[must_use]
    pub fn last_signed_in(self, last_sign_in_at: Option<Timestamp>) -> Self {
        Self { last_sign_in_at, ..self }
    }
}
