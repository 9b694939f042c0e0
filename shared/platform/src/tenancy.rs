//! Verified tenants, the users who are signed in to them, and the credentials for their data.

mod context;
mod credentials;
mod session_digest;

use domain::id::{TenantId, UserId};
use domain::permission::{Permission, PermissionSet};

#[cfg(test)]
pub(crate) use context::tests;
pub(crate) use context::{AuthorizerContext, SuspendedContext};
pub(crate) use credentials::TenantCredentials;
pub use session_digest::SessionDigest;

/// Proof that a tenant was verified. Only this crate creates one, and each constructor names its source.
///
/// There is no public constructor, no public field and no `Deserialize`. A tenant can be read:
///
/// ```
/// fn id(tenant: platform::tenancy::Tenant) -> domain::id::TenantId {
///     tenant.id()
/// }
/// ```
///
/// and it cannot be made up:
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
    /// From the authorizer's context, which the gateway passes to functions.
    pub(crate) fn from_authorizer(id: TenantId) -> Self {
        Self { id }
    }

    /// From an event with our source on our own bus, to which only the relay may publish.
    pub(crate) fn from_own_event(id: TenantId) -> Self {
        Self { id }
    }

    /// From the registry's entry for a slug. Until a password or a refresh token of a user has been verified,
    /// the slug is a claim.
    pub(crate) fn from_registry(id: TenantId) -> Self {
        Self { id }
    }

    /// From the claims of an access token whose signature was verified.
    pub(crate) fn from_claims(id: TenantId) -> Self {
        Self { id }
    }

    /// The tenant that is being created.
    pub(crate) fn onboarding(id: TenantId) -> Self {
        Self { id }
    }

    /// From the path of a request that an operator has signed.
    pub(crate) fn from_operator(id: TenantId) -> Self {
        Self { id }
    }

    /// From a row of the ledger, for which there may be no tenant.
    pub(crate) fn from_ledger(id: TenantId) -> Self {
        Self { id }
    }

    /// For tests, which have neither a request nor an event.
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
    /// As the authorizer has read them, which is up to a minute ago.
    pub(crate) permissions: PermissionSet,
    /// `None` from an authorizer of an older version.
    pub(crate) session: Option<SessionDigest>,
}

impl Principal {
    pub fn tenant(&self) -> TenantId {
        self.tenant.id()
    }

    pub fn user(&self) -> UserId {
        self.user
    }

    /// The session that the request's token belongs to. `None` for a minute after an update, while the gateway keeps
    /// answers of before.
    pub fn session(&self) -> Option<SessionDigest> {
        self.session
    }

    /// For what a route shows or lets happen. Giving and taking power is decided on what is stored.
    pub fn may(&self, permission: Permission) -> bool {
        self.permissions.contains(permission)
    }

    pub fn permissions(&self) -> PermissionSet {
        self.permissions
    }
}
