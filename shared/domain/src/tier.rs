//! Tiers: what a tenant may have, by the name under which it is sold. They are data, which operators change.

mod change;
mod feature;
mod quota;

use std::collections::BTreeMap;
use std::convert::Infallible;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::money::Money;
use crate::rule::InvalidValue;
use crate::text::TierName;
use crate::{Decision, Stamp};

pub use change::{SwitchChanges, TermsChange};
pub use feature::{Feature, Features, Switches};
pub use quota::{ProductQuota, QuotaReached, RequestLimit, UserQuota};

/// The numbers of a tier, or those that are in force for a tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    pub requests: RequestLimit,
    pub users: UserQuota,
    pub products: ProductQuota,
}

/// What the tenants of a tier may have, and what it costs them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Terms {
    pub limits: Limits,
    pub features: Features,
    /// In a month.
    pub price: Money,
}

/// What one tenant has instead of what its tier says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Overrides {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requests: Option<RequestLimit>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub users: Option<UserQuota>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub products: Option<ProductQuota>,
    #[serde(default, skip_serializing_if = "Switches::is_empty")]
    pub features: Switches,
}

/// What is in force for a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entitlements {
    pub limits: Limits,
    pub features: Features,
}

/// All tiers. One can be replaced, but never deleted: tenants may have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tiers(BTreeMap<TierName, Terms>);

/// Why a tier is not added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("There are {} tiers, and there may be no more; replace one.", Tiers::MOST)]
pub struct TooManyTiers;

impl Terms {
    /// Of the tier `free`, as it is at first.
    fn least() -> Terms {
        Terms::new((500, 10, 100), Features::default(), 0)
    }

    const fn new((requests, users, products): (u64, u64, u64), features: Features, euro_cents: u64) -> Terms {
        let limits = Limits {
            requests: RequestLimit::of(requests),
            users: UserQuota::of(users),
            products: ProductQuota::of(products),
        };
        Terms { limits, features, price: Money::of_euro_cents(euro_cents) }
    }

    pub fn with(&self, overrides: &Overrides) -> Entitlements {
        let Overrides { requests, users, products, features } = overrides;
        let limits = Limits {
            requests: requests.unwrap_or(self.limits.requests),
            users: users.unwrap_or(self.limits.users),
            products: products.unwrap_or(self.limits.products),
        };
        Entitlements { limits, features: self.features.switched(features) }
    }
}

impl Tiers {
    /// All of them are read with each request that is authorized anew: in one half of a read unit, as long as they are
    /// this many.
    pub const MOST: usize = 20;

    /// The tiers of a platform whose operators have changed none.
    pub fn initial() -> Tiers {
        let all = || Features::from_iter(Feature::ALL.iter().copied());
        Tiers(BTreeMap::from([
            (TierName::known("free"), Terms::least()),
            (TierName::known("pro"), Terms::new((5_000, 1_000, 10_000), all(), 4_900)),
            (TierName::known("enterprise"), Terms::new((50_000, 20_000, 1_000_000), all(), 49_900)),
        ]))
    }

    pub fn get(&self, tier: &TierName) -> Option<&Terms> {
        self.0.get(tier)
    }

    /// The terms of a tenant's tier. A tier that is missing all the same, since a backup was restored, for example, is
    /// taken for the least one: its tenants keep what they have and can work.
    pub fn terms_of(&self, tier: &TierName) -> Terms {
        self.get(tier).cloned().unwrap_or_else(Terms::least)
    }

    /// Fails for a tier that does not exist, and names those that do.
    pub fn require(&self, tier: &TierName) -> Result<(), InvalidValue> {
        match self.get(tier) {
            Some(_) => Ok(()),
            None => {
                let names: Vec<&str> = self.0.keys().map(TierName::as_str).collect();
                Err(format!("must be one of: {}", names.join(", ")).into())
            }
        }
    }

    /// Decides to replace a tier, or to add one. No tenant's log has an event of it: tiers are of all tenants.
    pub fn replace(
        &self,
        name: TierName,
        terms: Terms,
        stamp: Stamp,
    ) -> Result<Decision<Tiers, Infallible>, TooManyTiers> {
        let mut next = self.clone();
        next.0.insert(name, terms);
        match next.0.len() <= Tiers::MOST {
            true => Ok(Decision { stamp, events: Vec::new(), next }),
            false => Err(TooManyTiers),
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = (&TierName, &Terms)> {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests;
