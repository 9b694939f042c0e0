//! Profiles of tenants.

use std::collections::BTreeSet;

use domain::Versioned;
use domain::id::{TenantId, UserId};
use domain::tenant::{Suspension, TenantProfile};
use domain::text::{Slug, TenantName, TierName};
use domain::tier::{Overrides, QuotaReached, UserQuota};
use domain::user::User;
use serde::{Deserialize, Serialize};

use crate::table::namespace::accounts::TENANT;
use crate::table::{
    Attribute, CommandContext, Condition, Conflict, Decided, Partition, Row, Scope, SortKey, StoreError,
    Write,
};

/// The ids of the tenant's admins, as a string set on the profile's item, so that a condition can count them.
const ADMINS: Attribute = Attribute::new("admins");
/// How many users are active.
pub(super) const ACTIVE_USERS: Attribute = Attribute::new("activeUsers");

pub(super) const NO_ADMIN: Conflict =
    Conflict::Forbidden("You are no admin of this tenant any more; ask one of its admins.");
pub(super) const LAST_ADMIN: Conflict =
    Conflict::Rule("This is the tenant's last admin; make somebody else an admin first.");

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

    /// The ids of the tenant's active admins, read consistently.
    pub async fn admins(&self) -> Result<BTreeSet<UserId>, StoreError> {
        admins(&self.row().await?)
    }

    /// The profile and the ids of the active admins, by one consistent read.
    pub async fn get_with_admins(&self) -> Result<(Versioned<TenantProfile>, BTreeSet<UserId>), StoreError> {
        let row = self.row().await?;
        Ok((profile(self.0.tenant(), &row)?, admins(&row)?))
    }

    /// Commits a change of the profile. The set of admins and the count of users are left alone: they change without a
    /// new version of the profile.
    pub async fn commit(
        &self,
        decided: &Decided<TenantProfile>,
        context: &CommandContext,
    ) -> Result<(), StoreError> {
        self.0.commit(self.change(decided, context)?).await
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
    pub(super) fn creation(
        &self,
        decided: &Decided<TenantProfile>,
        admin: UserId,
    ) -> Result<Write, StoreError> {
        let write = self.profile(decided)?.refusing(Conflict::Exists("tenant"));
        Ok(write.texts(ADMINS, vec![admin.to_string()]).number(ACTIVE_USERS, 1))
    }

    /// The write that adds an admin, which takes an admin.
    pub(super) fn admin_comes(&self, user: UserId, actor: UserId) -> Write {
        self.by_an_admin(actor).update().add_to_set(ADMINS, user)
    }

    /// The write that adds a user, which takes an admin. Its commit fails, too, when there are as many as there may be.
    pub(super) fn user_comes(&self, user: &User, actor: UserId, most: UserQuota) -> Write {
        let is_below =
            Condition::with("contains(admins, :actor) AND activeUsers < :most", ":most", most.get())
                .and_with(":actor", actor.to_string().as_str());
        let reached = Conflict::QuotaReached(QuotaReached::Users(most));
        Self::and_user_comes(self.0.write(&self.partition(), SortKey::SINGLE, is_below, reached), user)
    }

    /// The write that adds a user for an operator, who is no admin of the tenant and is held to no quota: a full tenant
    /// would stay without an admin.
    pub(super) fn user_is_admitted(&self, user: &User) -> Write {
        let there = self.0.write(&self.partition(), SortKey::SINGLE, Condition::exists(), Conflict::Version);
        Self::and_user_comes(there, user)
    }

    fn and_user_comes(write: Write, user: &User) -> Write {
        let write = write.update().add_number(ACTIVE_USERS, 1);
        match user.administers() {
            true => write.add_to_set(ADMINS, user.id),
            false => write,
        }
    }

    /// Lets a write of the profile, which takes an admin, count one active user less.
    pub(super) fn and_user_goes(write: Write) -> Write {
        write.update().add_number(ACTIVE_USERS, -1)
    }

    /// The write that removes an admin, which takes an admin. Its commit fails for the last one.
    pub(super) fn admin_goes(&self, user: UserId, actor: UserId) -> Write {
        let others = Condition::with("size(admins) > :one AND contains(admins, :actor)", ":one", 1_u64)
            .and_with(":actor", actor.to_string().as_str());
        let write = self.0.write(&self.partition(), SortKey::SINGLE, others, LAST_ADMIN);
        write.update().delete_from_set(ADMINS, user)
    }

    /// The check that the actor is an admin at the moment of the commit. The role in the token's answer may be a
    /// minute old.
    pub(super) fn by_an_admin(&self, actor: UserId) -> Write {
        let is_admin = Condition::with("contains(admins, :actor)", ":actor", actor.to_string().as_str());
        self.0.write(&self.partition(), SortKey::SINGLE, is_admin, NO_ADMIN).check()
    }

    fn profile(&self, decided: &Decided<TenantProfile>) -> Result<Write, StoreError> {
        let TenantProfile { id: _, name, slug, tier, suspension, overrides } = decided.next.value.clone();
        let document = Document { name, slug, tier, suspension, overrides };
        self.0.decided_state(&self.partition(), SortKey::SINGLE, decided, &document)
    }

    async fn row(&self) -> Result<Row, StoreError> {
        let row = self.0.get(&self.partition(), &SortKey::SINGLE).await?;
        row.ok_or_else(|| StoreError::corrupt("the tenant has no profile"))
    }

    pub(super) fn partition(&self) -> Partition {
        TENANT.of(self.0.tenant())
    }
}

fn admins(row: &Row) -> Result<BTreeSet<UserId>, StoreError> {
    row.texts(ADMINS)?.into_iter().map(|id| id.parse().map_err(StoreError::corrupt)).collect()
}

pub(super) fn profile(id: TenantId, row: &Row) -> Result<Versioned<TenantProfile>, StoreError> {
    Ok(row.state::<Document>()?.map(|Document { name, slug, tier, suspension, overrides }| TenantProfile {
        id,
        name,
        slug,
        tier,
        suspension,
        overrides,
    }))
}
