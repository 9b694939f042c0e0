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
    /// The route that sets a password by a link.
    pub(crate) const REDEEM_LINK: Self = Self("redeem-link");
    /// Routes by which who was invited or has registered becomes a user.
    pub(crate) const JOIN: Self = Self("join-tenant");
    /// The route by which a user gets a new e-mail address.
    pub(crate) const MOVE: Self = Self("move-address");
    /// The route by which somebody registers.
    pub(crate) const REGISTER: Self = Self("register-user");
    /// The route by which somebody becomes the owner in the place of one who is lost.
    pub(crate) const OWN: Self = Self("own-tenant");
    pub(crate) const ONBOARD: Self = Self("onboard");
    /// Operators' routes that name a tenant.
    pub(crate) const OPERATE: Self = Self("operate");
    /// The operators' route that adds an admin to a tenant.
    pub(crate) const ADMIT: Self = Self("admit");
    /// The operators' route that invites somebody to become the owner.
    pub(crate) const REPLACE_OWNER: Self = Self("replace-owner");

    /// Closes what tenants have used.
    pub(crate) const CLOSE_USAGE: Self = Self("close-usage");

    /// Whether operators alone act in this class, so that their audit has a row for each commit.
    pub(super) fn is_of_operators(self) -> bool {
        [Self::ONBOARD, Self::OPERATE, Self::ADMIT, Self::REPLACE_OWNER].contains(&self)
    }

    /// Whether anybody can let sessions be opened, by naming a tenant.
    pub(super) fn is_of_strangers(self) -> bool {
        let all = [
            Self::SIGN_IN,
            Self::REQUEST_LINK,
            Self::REDEEM_LINK,
            Self::JOIN,
            Self::MOVE,
            Self::REGISTER,
            Self::OWN,
        ];
        all.contains(&self)
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
