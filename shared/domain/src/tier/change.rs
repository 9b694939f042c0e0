//! Changes of what a tenant has.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Feature, Overrides, ProductQuota, RequestLimit, UserQuota};
use crate::rule::schema;
use crate::text::TierName;

/// Another tier, limits or features for a tenant. What is `None` stays as it is, and `Some(None)` takes an override
/// away.
#[derive(Debug, Clone, Default)]
pub struct TermsChange {
    pub tier: Option<TierName>,
    pub requests: Option<Option<RequestLimit>>,
    pub users: Option<Option<UserQuota>>,
    pub products: Option<Option<ProductQuota>>,
    pub features: SwitchChanges,
}

/// Features to be switched on or off; with `None`, the tier decides again. Unknown ones are refused.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(transparent)]
pub struct SwitchChanges(BTreeMap<Feature, Option<bool>>);

schema!(SwitchChanges, Feature::each(&schemars::json_schema!({ "type": ["boolean", "null"] })));

impl TermsChange {
    pub(crate) fn of(self, tier: &TierName, overrides: &Overrides) -> (TierName, Overrides) {
        let mut features = overrides.features.clone();
        for (feature, switch) in self.features.0 {
            features.set(feature, switch);
        }
        let overrides = Overrides {
            requests: self.requests.unwrap_or(overrides.requests),
            users: self.users.unwrap_or(overrides.users),
            products: self.products.unwrap_or(overrides.products),
            features,
        };
        (self.tier.unwrap_or_else(|| tier.clone()), overrides)
    }
}
