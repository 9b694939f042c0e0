//! Users, and the commits that change them.

use domain::id::UserId;
use domain::text::{Email, Password, PersonName};
use domain::tier::UserQuota;
use domain::user::{Role, User, UserStatus};
use domain::{Actor, Stamp, Versioned};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::accounts::Tenants;
use crate::accounts::passwords::{self, PasswordHash};
use crate::accounts::tenants::{LAST_ADMIN, NO_ADMIN};
use crate::new_id;
use crate::table::namespace::accounts::USER;
use crate::table::{CommandContext, Conflict, Decided, Row, Scope, SortKey, StoreError, Write};

/// The users of one tenant.
pub struct Users<'a>(pub(crate) &'a Scope);

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    name: PersonName,
    email: Email,
    role: Role,
    status: UserStatus,
    valid_from: Timestamp,
}

/// What is said of a new user. The id is made here.
pub struct NewUser<'a> {
    pub name: &'a PersonName,
    pub email: &'a Email,
    pub role: Role,
    pub password: &'a Password,
}

/// A new user, who is decided and not committed.
#[must_use = "a decision changes nothing until it is committed"]
pub struct DecidedUser {
    user: Decided<User>,
    password: PasswordHash,
}

impl NewUser<'_> {
    /// Decides the registration.
    pub fn decide(self, stamp: Stamp) -> Result<DecidedUser, StoreError> {
        let Self { name, email, role, password } = self;
        let password = passwords::hash(password).map_err(StoreError::corrupt)?;
        let id = new_id(UserId::from_uuid);
        let user = Decided::first(User::register(id, name.clone(), email.clone(), role, stamp));
        Ok(DecidedUser { user, password })
    }
}

impl DecidedUser {
    pub fn user(&self) -> &Versioned<User> {
        &self.user.next
    }
}

impl Users<'_> {
    /// A consistent read.
    pub async fn get(&self, id: UserId) -> Result<Option<Versioned<User>>, StoreError> {
        let row = self.0.get(&USER.of(id), &SortKey::SINGLE).await?;
        row.map(|row| user(id, &row)).transpose()
    }

    /// An eventually consistent read, at half the cost: for views, never for decisions.
    pub async fn get_eventually(&self, id: UserId) -> Result<Option<Versioned<User>>, StoreError> {
        let row = self.0.get_eventually(&USER.of(id), &SortKey::SINGLE).await?;
        row.map(|row| user(id, &row)).transpose()
    }

    /// Commits a new user, the directory entry and the event in one transaction with the tenant's count of users, and its
    /// set of admins if the user is one.
    ///
    /// Fails with a [`Conflict`](StoreError::Conflict) when the address is taken, when the tenant has as many active
    /// users as it may have, and when the actor is no admin at that moment.
    pub async fn register(
        &self,
        DecidedUser { user, password }: &DecidedUser,
        most: UserQuota,
        context: &CommandContext,
    ) -> Result<(), StoreError> {
        let Actor::User { id: actor } = user.stamp().by else {
            return Err(StoreError::corrupt("users are registered by admins of their tenant"));
        };
        let power = self.0.tenants().user_comes(&user.next.value, actor, most);
        self.write(user, Some(password), Some(power), context).await
    }

    /// The writes of a new user, the directory entry and the event, with the tenant's count of users and its set of
    /// admins: whoever commits them answers for the actor.
    ///
    /// The commit fails with [`Conflict::Exists`] when the address is taken.
    pub(super) fn admission(
        &self,
        DecidedUser { user, password }: &DecidedUser,
        context: &CommandContext,
    ) -> Result<Vec<Write>, StoreError> {
        let power = self.0.tenants().user_is_admitted(&user.next.value);
        self.writes(user, Some(password), Some(power), context)
    }

    /// Commits a change of the user, the directory entry and the event in one transaction, with the tenant's count of
    /// users and its set of admins as far as the change touches them. `password` is the hash of a new password.
    ///
    /// Fails with a [`Conflict`](StoreError::Conflict) when no admin would be left, and when the actor needs to be an
    /// admin and is none at that moment.
    pub async fn commit(
        &self,
        decided: &Decided<User>,
        password: Option<&PasswordHash>,
        context: &CommandContext,
    ) -> Result<(), StoreError> {
        self.write(decided, password, self.power(decided), context).await
    }

    /// The writes of a user's own new password: whoever commits them answers for the user.
    pub(super) fn password_change(
        &self,
        decided: &Decided<User>,
        password: &PasswordHash,
        context: &CommandContext,
    ) -> Result<Vec<Write>, StoreError> {
        self.writes(decided, Some(password), None, context)
    }

    async fn write(
        &self,
        decided: &Decided<User>,
        password: Option<&PasswordHash>,
        power: Option<Write>,
        context: &CommandContext,
    ) -> Result<(), StoreError> {
        let writes = self.writes(decided, password, power, context)?;
        match (self.0.commit(writes).await, &decided.stamp().by) {
            // The condition has two parts: who fails it may be no admin any more.
            (
                Err(StoreError::Conflict(was @ (LAST_ADMIN | Conflict::QuotaReached(_)))),
                Actor::User { id },
            ) => {
                let is_admin = self.0.tenants().admins().await?.contains(id);
                Err(StoreError::Conflict(if is_admin { was } else { NO_ADMIN }))
            }
            (outcome, _) => outcome,
        }
    }

    fn writes(
        &self,
        decided: &Decided<User>,
        password: Option<&PasswordHash>,
        power: Option<Write>,
        context: &CommandContext,
    ) -> Result<Vec<Write>, StoreError> {
        let mut writes = Vec::from(self.rows(decided, password)?);
        writes.extend(power);
        writes.extend(self.0.log(&USER, decided.next.value.id)?.events(decided, context)?);
        Ok(writes)
    }

    /// The write to the tenant's set of admins and its count of users, or the check that the actor is an admin. Without
    /// either, users may change themselves, but for their role and their status.
    fn power(&self, decided: &Decided<User>) -> Option<Write> {
        let Actor::User { id: actor } = decided.stamp().by else { return None };
        let (before, next) = (decided.before.as_ref(), &decided.next.value);
        let tenants = self.0.tenants();
        let goes = before.is_some_and(User::is_active) && !next.is_active();
        let write = match (before.is_some_and(User::administers), next.administers()) {
            (false, true) => tenants.admin_comes(next.id, actor),
            (true, false) => tenants.admin_goes(next.id, actor),
            _ if goes || actor != next.id => tenants.by_an_admin(actor),
            _ => {
                let keeps_role = before.is_some_and(|was| was.role == next.role);
                return (!keeps_role).then(|| tenants.by_an_admin(actor));
            }
        };
        Some(if goes { Tenants::and_user_goes(write) } else { write })
    }

    /// The writes of the user and of the directory entry.
    pub(super) fn rows(
        &self,
        decided: &Decided<User>,
        password: Option<&PasswordHash>,
    ) -> Result<[Write; 2], StoreError> {
        let User { id, name, email, role, status, valid_from } = decided.next.value.clone();
        let document = Document { name, email, role, status, valid_from };
        let state = self.0.decided_state(&USER.of(id), SortKey::SINGLE, decided, &document)?;
        Ok([state, self.0.directory().entry(decided, password)?])
    }
}

pub(super) fn user(id: UserId, row: &Row) -> Result<Versioned<User>, StoreError> {
    Ok(row.state::<Document>()?.map(|Document { name, email, role, status, valid_from }| User {
        id,
        name,
        email,
        role,
        status,
        valid_from,
    }))
}
