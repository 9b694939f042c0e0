//! Who a request or a message speaks for, and the proof that it was verified.

use domain::id::{TenantId, UserId};
use domain::user::Role;

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
///     platform::tenancy::Tenant::from_claims(id)
/// }
/// ```
/// ```compile_fail,E0277
/// fn forge(json: &str) -> platform::tenancy::Tenant {
///     serde_json::from_str(json).unwrap()
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tenant {
    id: TenantId,
}

impl Tenant {
    /// The authorizer's answer, as the gateway passes it on.
    pub(crate) fn from_authorizer(id: TenantId) -> Self {
        Self { id }
    }

    /// An event with our source on our own bus, which the relay alone may fill.
    pub(crate) fn from_own_event(id: TenantId) -> Self {
        Self { id }
    }

    /// What a slug stands for.
    pub(crate) fn from_registry(id: TenantId) -> Self {
        Self { id }
    }

    /// A token that was verified.
    pub(crate) fn from_claims(id: TenantId) -> Self {
        Self { id }
    }

    /// The one that is made now.
    pub(crate) fn onboarding(id: TenantId) -> Self {
        Self { id }
    }

    /// For tests of stores, which have no request and no event.
    #[cfg(any(test, feature = "testing"))]
    pub(crate) fn for_tests(id: TenantId) -> Self {
        Self { id }
    }

    pub fn id(&self) -> TenantId {
        self.id
    }
}

/// A signed-in user of a verified tenant.
#[derive(Debug, Clone, Copy)]
pub struct Principal {
    pub(crate) tenant: Tenant,
    pub(crate) user: UserId,
    pub(crate) role: Role,
}

impl Principal {
    pub fn tenant(&self) -> TenantId {
        self.tenant.id()
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

/// What the authorizer answers for a good token.
#[derive(Debug, Clone, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AuthorizerContext {
    pub(crate) tenant: TenantId,
    pub(crate) user: UserId,
    pub(crate) role: Role,
    /// Seconds since the epoch; the gateway may use a cached answer past the token's end.
    pub(crate) expires_at: i64,
}
