//! How much a tenant has of what its quotas limit. Each number changes in the transaction of what it counts, so it is
//! exact; the condition on it is what holds at the moment of the commit.
//!
//! Users with a seat are counted on the tenant's profile, which each change of a user writes or checks already. Products are
//! counted in an item of their own: routes that write have no right to change the profile.

use domain::tier::{ProductQuota, QuotaReached};
use schemars::JsonSchema;
use serde::Serialize;

use crate::accounts::tenants::ACTIVE_USERS;
use crate::table::namespace::accounts::COUNTS;
use crate::table::{Attribute, Condition, Conflict, Partition, Row, Scope, SortKey, StoreError, Write};

const PRODUCTS: Attribute = Attribute::new("products");

/// The counts of one tenant.
pub struct Counts<'a>(pub(crate) &'a Scope);

/// How many of each there are, which is more than the limit allows if that was lowered since.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "Counts")]
pub struct Counted {
    /// Those that are active or invited.
    pub users: u64,
    /// Those that are not retired.
    pub products: u64,
}

impl Counted {
    pub(super) fn read(profile: &Row, counts: Option<&Row>) -> Result<Self, StoreError> {
        let products = counts.map(|row| row.number(PRODUCTS)).transpose()?;
        Ok(Self { users: profile.number(ACTIVE_USERS)?, products: products.unwrap_or(0) })
    }
}

impl Counts<'_> {
    /// Read in one request, eventually consistent.
    pub async fn get(&self) -> Result<Counted, StoreError> {
        let [profile, counts] = self.0.get_each_eventually(self.keys()).await?;
        let profile = profile.ok_or_else(|| StoreError::corrupt("the tenant has no profile"))?;
        Counted::read(&profile, counts.as_ref())
    }

    /// Of the profile, and of the other counts.
    pub(super) fn keys(&self) -> [(Partition, SortKey); 2] {
        [self.0.tenants().partition(), COUNTS.partition()].map(|partition| (partition, SortKey::SINGLE))
    }

    /// The write that counts another product. Its commit fails when there are as many as there may be.
    pub fn one_product_more(&self, most: ProductQuota) -> Write {
        let is_below = "attribute_not_exists(products) OR products < :most";
        let condition = Condition::with(is_below, ":most", most.get());
        self.write(condition, Conflict::QuotaReached(QuotaReached::Products(most))).add_number(PRODUCTS, 1)
    }

    pub fn one_product_less(&self) -> Write {
        self.write(Condition::exists(), Conflict::Contention).add_number(PRODUCTS, -1)
    }

    fn write(&self, condition: Condition, conflict: Conflict) -> Write {
        self.0.write(&COUNTS.partition(), SortKey::SINGLE, condition, conflict).update()
    }
}
