use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::AttributeValue;
use domain::id::UserId;
use domain::tenant::{TenantProfile, Tier};
use domain::text::{Slug, TenantName};
use serde::{Deserialize, Serialize};

use crate::events::Aggregate;
use crate::stores::commit::{Condition, Write};
use crate::stores::keys::{Partition, SINGLE};
use crate::stores::scope::stored;
use crate::stores::{Conflict, Scope, StoreError, Version};

/// The ids of the tenant's admins, as a string set on the profile: it can be counted in a condition.
const ADMINS: &str = "admins";

/// The tenant's own profile.
pub struct Tenants<'a>(pub(crate) &'a Scope);

#[derive(Serialize, Deserialize)]
struct Document {
    name: TenantName,
    slug: Slug,
    tier: Tier,
}

impl Tenants<'_> {
    pub async fn admins(&self) -> Result<BTreeSet<UserId>, StoreError> {
        let item = self.0.get(&self.partition(), SINGLE).await?;
        match item.as_ref().and_then(|item| item.get(ADMINS)) {
            Some(AttributeValue::Ss(ids)) => {
                ids.iter().map(|id| id.parse().map_err(StoreError::corrupt)).collect()
            }
            _ => Err(StoreError::corrupt("the tenant's profile has no admins")),
        }
    }

    pub async fn slug(&self) -> Result<Slug, StoreError> {
        let profile = self.0.get_eventually(&self.partition(), SINGLE).await?;
        let profile = profile.ok_or_else(|| StoreError::corrupt("the tenant has no profile"))?;
        Ok(stored::<Document>(&profile)?.value.slug)
    }

    pub(crate) fn creation(&self, profile: &TenantProfile, admin: UserId) -> Result<Write, StoreError> {
        let document =
            Document { name: profile.name.clone(), slug: profile.slug.clone(), tier: profile.tier };
        let state = (Version::FIRST, &document);
        let write = self.0.write_state(
            &self.partition(),
            SINGLE,
            Condition::absent(),
            Conflict::Exists("tenant"),
            state,
        )?;
        Ok(write.texts(ADMINS, vec![admin.to_string()]))
    }

    fn partition(&self) -> Partition<'static> {
        Partition::Commits(Aggregate::Tenant(self.0.tenant()))
    }
}
