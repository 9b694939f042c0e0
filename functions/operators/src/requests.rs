//! Bodies of requests.

use domain::id::TenantId;
use domain::money::Money;
use domain::tenant::Command;
use domain::text::{Email, Password, PersonName, Slug, SuspensionReason, TenantName, TierName};
use domain::tier::{
    Feature, Limits, ProductQuota, RequestLimit, SwitchChanges, Terms, TermsChange, UserQuota,
};
use platform::accounts::{NewAdmin, NewTenant};
use platform::http::{non_null, nullable};
use schemars::JsonSchema;
use serde::Deserialize;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TenantParameters {
    pub(crate) id: TenantId,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SuspensionRequest {
    reason: SuspensionReason,
}

impl SuspensionRequest {
    pub fn command(&self) -> Command {
        Command::Suspend { reason: self.reason.clone() }
    }
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct OnboardRequest {
    pub(crate) name: TenantName,
    pub(crate) slug: Slug,
    pub(crate) tier: TierName,
    pub(crate) admin: AdminRequest,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct AdminRequest {
    pub(crate) name: PersonName,
    pub(crate) email: Email,
    pub(crate) password: Password,
}

/// Who is to become the owner.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SuccessorRequest {
    pub(crate) name: PersonName,
    /// One that no user of the tenant has.
    pub(crate) email: Email,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TierParameters {
    pub(crate) name: TierName,
}

/// What tenants of the tier may have.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TierRequest {
    #[schemars(example = 5_000)]
    requests: RequestLimit,
    #[schemars(example = 1_000)]
    users: UserQuota,
    #[schemars(example = 10_000)]
    products: ProductQuota,
    features: Vec<Feature>,
    /// In a month.
    price: Money,
}

/// What is left out stays as it is. For a limit or a feature that is null, the tier decides again.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TermsRequest {
    #[serde(default, deserialize_with = "non_null")]
    #[schemars(with = "TierName")]
    tier: Option<TierName>,
    #[serde(default)]
    limits: LimitsRequest,
    #[serde(default)]
    features: SwitchChanges,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct LimitsRequest {
    #[serde(default, deserialize_with = "nullable")]
    #[schemars(with = "Option<RequestLimit>", example = 5_000)]
    requests: Option<Option<RequestLimit>>,
    #[serde(default, deserialize_with = "nullable")]
    #[schemars(with = "Option<UserQuota>", example = 1_000)]
    users: Option<Option<UserQuota>>,
    #[serde(default, deserialize_with = "nullable")]
    #[schemars(with = "Option<ProductQuota>", example = 10_000)]
    products: Option<Option<ProductQuota>>,
}

impl TierRequest {
    pub(crate) fn terms(&self) -> Terms {
        let Self { requests, users, products, ref features, price } = *self;
        Terms {
            limits: Limits { requests, users, products },
            features: features.iter().copied().collect(),
            price,
        }
    }
}

impl TermsRequest {
    pub(crate) fn change(&self) -> TermsChange {
        let LimitsRequest { requests, users, products } = self.limits;
        TermsChange { tier: self.tier.clone(), requests, users, products, features: self.features.clone() }
    }
}

impl OnboardRequest {
    pub(crate) fn new_tenant(&self) -> NewTenant {
        let AdminRequest { name, email, password } = &self.admin;
        NewTenant {
            name: self.name.clone(),
            slug: self.slug.clone(),
            tier: self.tier.clone(),
            admin: NewAdmin { name: name.clone(), email: email.clone(), password: password.clone() },
        }
    }
}
