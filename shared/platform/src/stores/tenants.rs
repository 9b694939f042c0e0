use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::AttributeValue;
use domain::id::UserId;
use domain::tenant::{TenantProfile, Tier};
use domain::text::{Slug, TenantName};
use serde::{Deserialize, Serialize};

use crate::events::{Aggregate, Event, TenantRenamed};
use crate::stores::commit::CommandContext;
use crate::stores::keys::{Partition, SINGLE};
use crate::stores::scope::stored;
use crate::stores::write::{Condition, Write};
use crate::stores::{Conflict, Scope, StoreError, Version};

/// The ids of the tenant's admins, as a string set on the profile: it can be counted in a condition.
const ADMINS: &str = "admins";

/// The tenant's own profile.
pub struct Tenants<'a>(pub(crate) &'a Scope);

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadedTenant {
    pub profile: TenantProfile,
    pub version: Version,
}

#[derive(Serialize, Deserialize)]
struct Document {
    name: TenantName,
    slug: Slug,
    tier: Tier,
}

impl LoadedTenant {
    pub fn renamed(self, name: TenantName) -> Self {
        Self { profile: TenantProfile { name, ..self.profile }, version: self.version.next() }
    }
}

impl Tenants<'_> {
    pub async fn get(&self) -> Result<LoadedTenant, StoreError> {
        let item = self.0.get(&self.partition(), SINGLE).await?;
        let item = item.ok_or_else(|| StoreError::corrupt("the tenant has no profile"))?;
        let stored = stored::<Document>(&item)?;
        let Document { name, slug, tier } = stored.value;
        let profile = TenantProfile { id: self.0.tenant(), name, slug, tier };
        Ok(LoadedTenant { profile, version: stored.version })
    }

    pub async fn admins(&self) -> Result<BTreeSet<UserId>, StoreError> {
        let item = self.0.get(&self.partition(), SINGLE).await?;
        match item.as_ref().and_then(|item| item.get(ADMINS)) {
            Some(AttributeValue::Ss(ids)) => {
                ids.iter().map(|id| id.parse().map_err(StoreError::corrupt)).collect()
            }
            _ => Err(StoreError::corrupt("the tenant's profile has no admins")),
        }
    }

    /// Leaves the admins alone: they come and go without a version of the tenant.
    pub async fn rename(
        &self,
        before: Version,
        next: &LoadedTenant,
        context: &CommandContext,
    ) -> Result<(), StoreError> {
        let profile = self.profile(next, Condition::at(before), Conflict::Version)?.update();
        let event = Event::TenantRenamed(TenantRenamed { name: next.profile.name.clone() });
        let mut writes = vec![profile];
        let aggregate = Aggregate::Tenant(next.profile.id);
        writes.extend(self.0.event_writes(aggregate, next.version, &[event], None, context)?);
        self.0.commit(writes).await
    }

    pub(crate) fn creation(&self, profile: &TenantProfile, admin: UserId) -> Result<Write, StoreError> {
        let new = LoadedTenant { profile: profile.clone(), version: Version::FIRST };
        let write = self.profile(&new, Condition::absent(), Conflict::Exists("tenant"))?;
        Ok(write.texts(ADMINS, vec![admin.to_string()]))
    }

    pub(crate) fn admin_comes(&self, user: UserId) -> Write {
        let write = self.0.write(&self.partition(), SINGLE, Condition::exists(), Conflict::Version);
        write.update().add_to_set(ADMINS, user)
    }

    pub(crate) fn admin_goes(&self, user: UserId) -> Write {
        let others = Condition::with("size(admins) > :one", ":one", AttributeValue::N("1".to_owned()));
        let write = self.0.write(&self.partition(), SINGLE, others, Conflict::LastAdmin);
        write.update().delete_from_set(ADMINS, user)
    }

    fn profile(
        &self,
        LoadedTenant { profile, version }: &LoadedTenant,
        condition: Condition,
        conflict: Conflict,
    ) -> Result<Write, StoreError> {
        let TenantProfile { name, slug, tier, .. } = profile.clone();
        let document = Document { name, slug, tier };
        self.0.write_state(&self.partition(), SINGLE, condition, conflict, (*version, &document))
    }

    fn partition(&self) -> Partition<'static> {
        Partition::Commits(Aggregate::Tenant(self.0.tenant()))
    }
}
