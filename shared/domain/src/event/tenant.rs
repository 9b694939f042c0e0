use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};

use super::form::{FOURTH, Form, SECOND, is_published_whole};
use super::published::published;
use crate::id::UserId;
use crate::registration::Registration;
use crate::text::{Slug, SuspensionReason, TenantName, TierName};
use crate::tier::{Overrides, ProductQuota, RequestLimit, UserQuota};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TenantOnboarded {
    pub name: TenantName,
    pub slug: Slug,
    pub tier: TierName,
    /// The first admin, for whom there is no `UserRegistered` event. Commits of before have the admin's name and address
    /// besides.
    pub admin: UserId,
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

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RegistrationChanged {
    pub registration: Registration,
}

/// What the tenant has after the change, whichever part of it changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TenantTermsChanged {
    pub tier: TierName,
    #[serde(flatten)]
    pub overrides: Overrides,
}

published! {
    pub struct PublishedTenantOnboarded {
        pub tier: TierName,
        /// The first admin, for whom there is no `user.registered`.
        pub admin: UserId,
    }

    pub struct PublishedTenantRenamed {}

    pub struct PublishedTenantSuspended {}

    pub struct PublishedRegistrationChanged {}

    pub struct TenantResumed {}

    pub struct PublishedTenantTerms {
        pub tier: TierName,
        /// That the tenant has instead of its tier's.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub requests: Option<RequestLimit>,
        /// That the tenant has instead of its tier's.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub users: Option<UserQuota>,
        /// That the tenant has instead of its tier's.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub products: Option<ProductQuota>,
    }
}

is_published_whole!(TenantResumed: 1);

impl Form for TenantOnboarded {
    /// Tiers were three by name in version 2. Who knows version 3 looks for the admin's name in the log, and has to wait.
    const VERSION: NonZeroU32 = FOURTH;
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

impl Form for RegistrationChanged {
    const VERSION: NonZeroU32 = NonZeroU32::MIN;
    type Published = PublishedRegistrationChanged;

    fn published(&self) -> PublishedRegistrationChanged {
        PublishedRegistrationChanged {}
    }
}

impl Form for TenantTermsChanged {
    const VERSION: NonZeroU32 = NonZeroU32::MIN;
    type Published = PublishedTenantTerms;

    fn published(&self) -> PublishedTenantTerms {
        let Overrides { requests, users, products, features: _ } = self.overrides;
        PublishedTenantTerms { tier: self.tier.clone(), requests, users, products }
    }
}
