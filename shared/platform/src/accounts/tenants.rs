//! Profiles of tenants.

use std::collections::BTreeSet;

use domain::Versioned;
use domain::id::{TenantId, UserId};
use domain::plugin::Plugins;
use domain::registration::Registration;
use domain::tenant::{Suspension, TenantProfile};
use domain::text::{Slug, TenantName, TierName};
use domain::tier::{Overrides, QuotaReached, UserQuota};
use serde::{Deserialize, Serialize};

use crate::table::namespace::accounts::TENANT;
use crate::table::{
    Attribute, CommandContext, Condition, Conflict, Decided, Partition, Row, Scope, SortKey, StoreError,
    Write,
};

/// The ids of those who were the tenant's active admins, on profiles of before there were role books. Nothing writes it
/// any more.
const ADMINS: Attribute = Attribute::new("admins");
/// How many users have a seat.
pub(super) const ACTIVE_USERS: Attribute = Attribute::new("activeUsers");
/// Who was invited last to take the place of a lost owner.
const SUCCESSOR: Attribute = Attribute::new("successor");

/// The profile of one tenant.
pub struct Tenants<'a>(pub(crate) &'a Scope);

#[derive(Serialize, Deserialize)]
struct Document {
    name: TenantName,
    slug: Slug,
    tier: TierName,
    #[serde(skip_serializing_if = "Option::is_none")]
    suspension: Option<Suspension>,
    #[serde(default)]
    overrides: Overrides,
    #[serde(default)]
    registration: Registration,
    #[serde(default, skip_serializing_if = "Plugins::is_empty")]
    plugins: Plugins,
}

impl Tenants<'_> {
    /// The tenant's profile, read consistently.
    pub async fn get(&self) -> Result<Versioned<TenantProfile>, StoreError> {
        profile(self.0.tenant(), &self.row().await?)
    }

    /// Like [`get`](Self::get), where nothing has said yet that there is such a tenant.
    pub(super) async fn find(&self) -> Result<Option<Versioned<TenantProfile>>, StoreError> {
        let row = self.0.get(&self.partition(), &SortKey::SINGLE).await?;
        row.map(|row| profile(self.0.tenant(), &row)).transpose()
    }

    /// An eventually consistent read, at half the cost: for who is not harmed by what was there a moment ago.
    pub(super) async fn row_eventually(&self) -> Result<Row, StoreError> {
        match self.0.get_eventually(&self.partition(), &SortKey::SINGLE).await? {
            Some(row) => Ok(row),
            None => self.row().await,
        }
    }

    /// Commits a change of the profile. The count of users is left alone: it changes without a new version of the
    /// profile.
    pub async fn commit(
        &self,
        decided: &Decided<TenantProfile>,
        context: &CommandContext,
    ) -> Result<(), StoreError> {
        self.commit_with(decided, Vec::new(), context).await
    }

    /// The same, together with what else the change is of.
    pub async fn commit_with(
        &self,
        decided: &Decided<TenantProfile>,
        beside: Vec<Write>,
        context: &CommandContext,
    ) -> Result<(), StoreError> {
        let mut writes = self.change(decided, context)?;
        writes.extend(beside);
        self.0.commit(writes).await
    }

    /// The writes of a change of the profile, and of its events.
    pub(super) fn change(
        &self,
        decided: &Decided<TenantProfile>,
        context: &CommandContext,
    ) -> Result<Vec<Write>, StoreError> {
        let mut writes = vec![self.profile(decided)?.update()];
        writes.extend(self.0.log(&TENANT, self.0.tenant())?.events(decided, context)?);
        Ok(writes)
    }

    /// The write of a new tenant's profile.
    pub(super) fn creation(&self, decided: &Decided<TenantProfile>) -> Result<Write, StoreError> {
        let write = self.profile(decided)?.refusing(Conflict::Exists("tenant"));
        Ok(write.number(ACTIVE_USERS, 1))
    }

    /// The write that counts another user. Its commit fails when there are as many as there may be.
    pub(super) fn user_comes(&self, most: UserQuota) -> Write {
        let is_below = Condition::with("activeUsers < :most", ":most", most.get());
        let reached = Conflict::QuotaReached(QuotaReached::Users(most));
        self.0
            .write(&self.partition(), SortKey::SINGLE, is_below, reached)
            .update()
            .add_number(ACTIVE_USERS, 1)
    }

    /// The write that counts another user whom an operator admits, who is held to no quota: a full tenant would stay
    /// without an admin.
    pub(super) fn user_is_admitted(&self) -> Write {
        let write = self.0.write(&self.partition(), SortKey::SINGLE, Condition::exists(), Conflict::Version);
        write.update().add_number(ACTIVE_USERS, 1)
    }

    /// The same for a user who is to take the owner's place, and is noted as such.
    pub(super) fn successor_is_admitted(&self, user: UserId) -> Write {
        self.user_is_admitted().text(SUCCESSOR, user.to_string())
    }

    pub(super) fn user_goes(&self) -> Write {
        let write =
            self.0.write(&self.partition(), SortKey::SINGLE, Condition::exists(), Conflict::Contention);
        write.update().add_number(ACTIVE_USERS, -1)
    }

    fn profile(&self, decided: &Decided<TenantProfile>) -> Result<Write, StoreError> {
        let TenantProfile { id: _, name, slug, tier, suspension, overrides, registration, plugins } =
            decided.next.value.clone();
        let document = Document { name, slug, tier, suspension, overrides, registration, plugins };
        self.0.decided_state(&self.partition(), SortKey::SINGLE, decided, &document)
    }

    pub(super) async fn row(&self) -> Result<Row, StoreError> {
        let row = self.0.get(&self.partition(), &SortKey::SINGLE).await?;
        row.ok_or_else(|| StoreError::corrupt("the tenant has no profile"))
    }

    pub(super) fn partition(&self) -> Partition {
        TENANT.of(self.0.tenant())
    }
}

/// Those who were active admins when the tenant had no role book yet.
pub(super) fn former_admins(row: &Row) -> Result<BTreeSet<UserId>, StoreError> {
    if !row.has(ADMINS) {
        return Ok(BTreeSet::new());
    }
    row.texts(ADMINS)?.into_iter().map(|id| id.parse().map_err(StoreError::corrupt)).collect()
}

pub(super) fn successor(row: &Row) -> Result<Option<UserId>, StoreError> {
    let stored = row.has(SUCCESSOR).then(|| row.text(SUCCESSOR)).transpose()?;
    stored.map(|id| id.parse().map_err(StoreError::corrupt)).transpose()
}

pub(super) fn profile(id: TenantId, row: &Row) -> Result<Versioned<TenantProfile>, StoreError> {
    let profile = |Document { name, slug, tier, suspension, overrides, registration, plugins }| {
        TenantProfile { id, name, slug, tier, suspension, overrides, registration, plugins }
    };
    Ok(row.state::<Document>()?.map(profile))
}
