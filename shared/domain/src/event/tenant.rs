use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};

use super::form::{Form, SECOND, THIRD, is_published_whole};
use super::published::published;
use crate::id::UserId;
use crate::text::{Email, PersonName, Slug, SuspensionReason, TenantName, TierName};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TenantOnboarded {
    pub name: TenantName,
    pub slug: Slug,
    pub tier: TierName,
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

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TenantSuspended {
    pub reason: SuspensionReason,
}

published! {
    pub struct PublishedTenantOnboarded {
        pub tier: TierName,
        /// The first admin, for whom there is no `user.registered`.
        pub admin: UserId,
    }

    pub struct PublishedTenantRenamed {}

    pub struct PublishedTenantSuspended {}

    pub struct TenantResumed {}
}

is_published_whole!(TenantResumed: 1);

impl Form for TenantOnboarded {
    /// Tiers were three by name in version 2.
    const VERSION: NonZeroU32 = THIRD;
    type Published = PublishedTenantOnboarded;

    fn published(&self) -> PublishedTenantOnboarded {
        PublishedTenantOnboarded { tier: self.tier.clone(), admin: self.admin }
    }
}

impl Form for TenantRenamed {
    const VERSION: NonZeroU32 = SECOND;
    type Published = PublishedTenantRenamed;

    fn published(&self) -> PublishedTenantRenamed {
        PublishedTenantRenamed {}
    }
}

impl Form for TenantSuspended {
    const VERSION: NonZeroU32 = NonZeroU32::MIN;
    type Published = PublishedTenantSuspended;

    fn published(&self) -> PublishedTenantSuspended {
        PublishedTenantSuspended {}
    }
}
