//! Role books, and the commits that change them.
//!
//! Beside the book stands a row for each of its roles that users have: how many active ones do.

use std::collections::BTreeSet;

use domain::id::UserId;
use domain::permission::PermissionSet;
use domain::role::{CustomPermissions, CustomRole, RoleBook, RoleId};
use domain::text::RoleName;
use domain::user::User;
use domain::{Actor, Version, Versioned};
use serde::{Deserialize, Serialize};

use crate::accounts::passage::Passage;
use crate::accounts::power::{Key, user_key};
use crate::accounts::{Acting, tenants};
use crate::table::namespace::accounts::ROLES;
use crate::table::{
    Attribute, CommandContext, Condition, Conflict, Decided, Row, Scope, SortKey, StoreError, Write,
};

/// How many users with a seat have the role.
const HOLDERS: Attribute = Attribute::new("holders");

/// Every token's check reads the book, and 4 KB cost one unit. Keys, names and the version take the rest.
const MOST_BYTES: usize = 4096 - 256;
const FULL: Conflict = Conflict::Rule(
    "The tenant's roles do not fit into the 4 KB that they may take; shorten their names, or remove one.",
);

/// The role book of one tenant.
pub struct RoleBooks<'a>(pub(crate) &'a Scope);

/// Of each role its number, name and the codes of its permissions.
#[derive(Serialize, Deserialize)]
struct Document {
    owner: UserId,
    next: u32,
    roles: Vec<(u32, RoleName, String)>,
}

/// What a commit of the role book depends on besides.
pub enum Depends {
    Nothing,
    /// No user with a seat has this role.
    OnNobodyWith(RoleId),
    /// This user is as they were read.
    On(Versioned<User>),
}

impl RoleBooks<'_> {
    /// An eventually consistent read: for views, never for decisions.
    pub async fn get_eventually(&self) -> Result<Versioned<RoleBook>, StoreError> {
        let (partition, sort) = key(self.0);
        match self.0.get_eventually(&partition, &sort).await? {
            Some(row) => book(&row),
            None => self.get().await,
        }
    }

    /// A consistent read.
    pub async fn get(&self) -> Result<Versioned<RoleBook>, StoreError> {
        let (partition, sort) = key(self.0);
        match self.0.get(&partition, &sort).await? {
            Some(row) => book(&row),
            None => before_the_first(&self.0.tenants().row().await?),
        }
    }

    /// How many users with a seat have the role, read consistently.
    pub async fn users_of(&self, role: RoleId) -> Result<u64, StoreError> {
        let row = self.0.get(&ROLES.of(self.0.tenant()), &SortKey::of(role)).await?;
        row.map_or(Ok(0), |row| row.number(HOLDERS))
    }

    /// Commits a change of the book and its event, on the condition that the actor's power is what it was.
    ///
    /// Fails with [`Conflict::Power`] when it is not, and with [`Conflict::RoleInUse`] for the removal of such a role.
    pub async fn commit(
        &self,
        acting: &Acting,
        (decided, depends): (&Decided<RoleBook>, Depends),
        context: &CommandContext,
    ) -> Result<(), StoreError> {
        let actor = acting.user.value.id;
        if decided.stamp().by != (Actor::User { id: actor }) {
            return Err(StoreError::corrupt("one has decided by the power of another"));
        }
        let mut writes = vec![self.write(decided)?.refusing(Conflict::Power)];
        match depends {
            Depends::Nothing => writes.extend(acting.check_of_user(self.0, None)),
            Depends::OnNobodyWith(role) => {
                writes.extend(acting.check_of_user(self.0, None));
                let nobody = Condition::with("attribute_not_exists(pk) OR holders = :none", ":none", 0_u64);
                writes.push(self.count(role, nobody, Conflict::RoleInUse).check());
            }
            Depends::On(user) => {
                writes.extend(acting.check_of_user(self.0, Some(user.value.id)));
                let (partition, sort) = user_key(user.value.id);
                let unchanged = Condition::expects(user.version);
                writes.push(self.0.write(&partition, sort, unchanged, Conflict::Power).check());
            }
        }
        writes.extend(self.0.log(&ROLES, self.0.tenant())?.events(decided, context)?);
        self.0.commit(writes).await
    }

    /// The write of a new tenant's book.
    pub(super) fn creation(&self, owner: UserId) -> Result<Write, StoreError> {
        let document = document(RoleBook::of(owner));
        let (partition, sort) = key(self.0);
        let exists = Conflict::Exists("role book");
        self.0.write_state(&partition, sort, Condition::absent(), exists, (Version::FIRST, &document))
    }

    fn write(&self, decided: &Decided<RoleBook>) -> Result<Write, StoreError> {
        let document = document(decided.next.value.clone());
        if serde_json::to_string(&document).map_err(StoreError::corrupt)?.len() > MOST_BYTES {
            return Err(StoreError::Conflict(FULL));
        }
        let (partition, sort) = key(self.0);
        self.0.decided_state(&partition, sort, decided, &document)
    }

    /// The writes that count the roles which the user gains or loses. Those of a user without a seat do not count.
    pub(super) fn counts<'a>(&self, passage: impl Into<Passage<'a>>) -> Vec<Write> {
        let Passage { before, after, .. } = passage.into();
        let counted = |user: Option<&User>| -> BTreeSet<RoleId> {
            user.filter(|user| user.holds_seat())
                .map(|user| user.roles.custom().collect())
                .unwrap_or_default()
        };
        let (before, after) = (counted(before), counted(after));
        let changes = after.difference(&before).map(|role| (*role, 1));
        let changes = changes.chain(before.difference(&after).map(|role| (*role, -1)));
        let write = |role| self.count(role, Condition::always(), Conflict::Contention).update();
        changes.map(|(role, change)| write(role).add_number(HOLDERS, change)).collect()
    }

    fn count(&self, role: RoleId, condition: Condition, conflict: Conflict) -> Write {
        self.0.write(&ROLES.of(self.0.tenant()), SortKey::of(role), condition, conflict)
    }
}

pub(super) fn key(scope: &Scope) -> Key {
    (ROLES.of(scope.tenant()), SortKey::SINGLE)
}

pub(super) fn book(row: &Row) -> Result<Versioned<RoleBook>, StoreError> {
    let Versioned { value: Document { owner, next, roles }, version } = row.state()?;
    let id = |number| RoleId::from_number(number).ok_or_else(|| StoreError::corrupt("role 0"));
    let custom = roles.into_iter().map(|(number, name, codes)| {
        let permissions = CustomPermissions::from_stored(PermissionSet::from_codes(&codes));
        Ok((id(number)?, CustomRole { name, permissions }))
    });
    let custom = custom.collect::<Result<_, StoreError>>()?;
    Ok(Versioned { value: RoleBook { owner, custom, next: id(next)? }, version })
}

/// The book of a tenant that has none: of before there were any. Its owner is the oldest of its admins, whose id is the
/// smallest. The first commit writes it.
pub(super) fn before_the_first(profile: &Row) -> Result<Versioned<RoleBook>, StoreError> {
    let admins = tenants::former_admins(profile)?;
    let owner =
        admins.first().ok_or_else(|| StoreError::corrupt("the tenant has neither owner nor admin"))?;
    Ok(Versioned { value: RoleBook::of(*owner), version: Version::NONE })
}

fn document(RoleBook { owner, custom, next }: RoleBook) -> Document {
    let role = |(id, CustomRole { name, permissions }): (RoleId, CustomRole)| {
        (id.number(), name, permissions.set().codes())
    };
    Document { owner, next: next.number(), roles: custom.into_iter().map(role).collect() }
}
