//! Classes of access to a tenant's data.

use std::fmt;

use serde::Serialize;

/// What a session may do with its tenant's items: the tag `Access`, by which the policy of the template's
/// `TenantDataRole` decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct AccessClass(&'static str);

impl AccessClass {
    /// Routes that read.
    pub const READ: Self = Self("read");
    /// Routes that write, but neither users, nor roles, nor the tenant's profile.
    pub const WRITE: Self = Self("write");
    /// Routes that read the directory, with the hashes of passwords, or sessions, or change users,
    /// roles or the profile.
    pub const IDENTITY: Self = Self("identity");
    pub(crate) const SIGN_IN: Self = Self("sign-in");
    /// The route that asks for a link.
    pub(crate) const REQUEST_LINK: Self = Self("request-link");
    /// Routes that redeem a link, and so set passwords.
    pub(crate) const REDEEM_LINK: Self = Self("redeem-link");
    pub(crate) const ONBOARD: Self = Self("onboard");
    /// Operators' routes that name a tenant.
    pub(crate) const OPERATE: Self = Self("operate");
    /// The operators' route that adds an admin to a tenant.
    pub(crate) const ADMIT: Self = Self("admit");

    /// Closes what tenants have used.
    pub(crate) const CLOSE_USAGE: Self = Self("close-usage");

    /// Whether operators alone act in this class, so that their audit has a row for each commit.
    pub(super) fn is_of_operators(self) -> bool {
        [Self::ONBOARD, Self::OPERATE, Self::ADMIT].contains(&self)
    }

    /// Whether anybody can let sessions be opened, by naming a tenant.
    pub(super) fn is_of_strangers(self) -> bool {
        [Self::SIGN_IN, Self::REQUEST_LINK, Self::REDEEM_LINK].contains(&self)
    }

    /// The class of one consumer, which reaches only the partitions that it needs.
    pub(crate) const fn of_consumer(name: &'static str) -> Self {
        Self(name)
    }
}

impl fmt::Display for AccessClass {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }
}
