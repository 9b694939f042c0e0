//! Profiles of tenants.

use std::collections::BTreeSet;

use domain::Versioned;
use domain::id::UserId;
use domain::tenant::{TenantProfile, Tier};
use domain::text::{Slug, TenantName};
use serde::{Deserialize, Serialize};

use crate::table::namespace::accounts::TENANT;
use crate::table::{
    Attribute, CommandContext, Condition, Conflict, Decided, Partition, Row, Scope, SortKey, StoreError,
    Write,
};

/// The ids of the tenant's admins, as a string set on the profile's item, so that a condition can count them.
const ADMINS: Attribute = Attribute::new("admins");

const LAST_ADMIN: Conflict =
    Conflict::Rule("This is the tenant's last admin; make somebody else an admin first.");

/// The profile of one tenant.
pub struct Tenants<'a>(pub(crate) &'a Scope);

#[derive(Serialize, Deserialize)]
struct Document {
    name: TenantName,
    slug: Slug,
    tier: Tier,
}

impl Tenants<'_> {
    /// The tenant's profile, read consistently.
    pub async fn get(&self) -> Result<Versioned<TenantProfile>, StoreError> {
        let id = self.0.tenant();
        let stored = self.row().await?.state::<Document>()?;
        Ok(stored.map(|Document { name, slug, tier }| TenantProfile { id, name, slug, tier }))
    }

    /// The ids of the tenant's active admins, read consistently.
    pub async fn admins(&self) -> Result<BTreeSet<UserId>, StoreError> {
        let row = self.row().await?;
        row.texts(ADMINS)?.into_iter().map(|id| id.parse().map_err(StoreError::corrupt)).collect()
    }

    /// Commits a change of the profile. The set of admins is left alone: it changes without a new version of
    /// the profile.
    pub async fn commit(
        &self,
        decided: &Decided<TenantProfile>,
        context: &CommandContext,
    ) -> Result<(), StoreError> {
        let mut writes = vec![self.profile(decided)?.update()];
        writes.extend(self.0.log(&TENANT, self.0.tenant())?.events(decided, context)?);
        self.0.commit(writes).await
    }

    /// The write of a new tenant's profile.
    pub(super) fn creation(
        &self,
        decided: &Decided<TenantProfile>,
        admin: UserId,
    ) -> Result<Write, StoreError> {
        let write = self.profile(decided)?.refusing(Conflict::Exists("tenant"));
        Ok(write.texts(ADMINS, vec![admin.to_string()]))
    }

    /// The write that adds an admin.
    pub(super) fn admin_comes(&self, user: UserId) -> Write {
        let write = self.0.write(&self.partition(), SortKey::SINGLE, Condition::exists(), Conflict::Version);
        write.update().add_to_set(ADMINS, user)
    }

    /// The write that removes an admin. Its commit fails for the last one.
    pub(super) fn admin_goes(&self, user: UserId) -> Write {
        let others = Condition::with("size(admins) > :one", ":one", 1_u64);
        let write = self.0.write(&self.partition(), SortKey::SINGLE, others, LAST_ADMIN);
        write.update().delete_from_set(ADMINS, user)
    }

    fn profile(&self, decided: &Decided<TenantProfile>) -> Result<Write, StoreError> {
        let TenantProfile { name, slug, tier, .. } = decided.next.value.clone();
        let document = Document { name, slug, tier };
        self.0.decided_state(&self.partition(), SortKey::SINGLE, decided, &document)
    }

    async fn row(&self) -> Result<Row, StoreError> {
        let row = self.0.get(&self.partition(), &SortKey::SINGLE).await?;
        row.ok_or_else(|| StoreError::corrupt("the tenant has no profile"))
    }

    fn partition(&self) -> Partition {
        TENANT.of(self.0.tenant())
    }
}
