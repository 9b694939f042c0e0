//! Who a request or a message speaks for, and the proof that it was verified.

mod access;
mod sessions;

use domain::id::{TenantId, UserId};
use domain::user::Role;

pub use access::{Access, Anyone, Audience, Credentials, OperatorKey, TenantMember};
pub(crate) use access::{AuthorizerContext, hex};
pub(crate) use sessions::TenantSessions;

/// Proof that a tenant was verified. Only this crate makes one: from the authorizer's answer, from an event of
/// our own bus, from the registry while onboarding and logging in, or from a refresh token, whose tenant is a claim until
/// its secret matches.
///
/// It has no public constructor, no public field and no `Deserialize`. What can be done with one:
///
/// ```
/// fn id(tenant: platform::tenancy::Tenant) -> domain::id::TenantId {
///     tenant.id()
/// }
/// ```
///
/// and what cannot, each a line away from that:
///
/// ```compile_fail,E0451
/// fn forge(id: domain::id::TenantId) -> platform::tenancy::Tenant {
///     platform::tenancy::Tenant { id }
/// }
/// ```
/// ```compile_fail,E0624
/// fn forge(id: domain::id::TenantId) -> platform::tenancy::Tenant {
///     platform::tenancy::Tenant::verified(id)
/// }
/// ```
/// ```compile_fail,E0277
/// fn forge(json: &str) -> platform::tenancy::Tenant {
///     serde_json::from_str(json).unwrap()
/// }
/// ```
#[derive(Debug)]
pub struct Tenant {
    id: TenantId,
}

impl Tenant {
    pub(crate) fn verified(id: TenantId) -> Self {
        Self { id }
    }

    pub fn id(&self) -> TenantId {
        self.id
    }
}

/// A signed-in user of a verified tenant.
#[derive(Debug, Clone, Copy)]
pub struct Caller {
    pub(crate) tenant: TenantId,
    pub(crate) user: UserId,
    pub(crate) role: Role,
}

impl Caller {
    pub fn tenant(&self) -> TenantId {
        self.tenant
    }

    pub fn user(&self) -> UserId {
        self.user
    }

    pub fn role(&self) -> Role {
        self.role
    }

    pub fn is_admin(&self) -> bool {
        self.role.allows(Role::Admin)
    }
}
