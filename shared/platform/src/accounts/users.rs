//! Users, and the commits that change them.

use domain::event::Event;
use domain::id::UserId;
use domain::person::Person;
use domain::role::{OlderRole, Roles};
use domain::text::{Email, Password};
use domain::tier::UserQuota;
use domain::user::{Gone, User, UserStatus};
use domain::{Actor, Stamp, Versioned};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::accounts::Acting;
use crate::accounts::passage::Passage;
use crate::accounts::passwords::{self, PasswordHash};
use crate::new_id;
use crate::table::namespace::accounts::USER;
use crate::table::{Attribute, CommandContext, Decided, Row, Scope, SortKey, StoreError, Write};

/// Of the row of a deleted user, and of one who has registered alone, which DynamoDB deletes later.
const EXPIRES_AT: Attribute = Attribute::new("expiresAt");
const KEPT_SECONDS: i64 = 24 * 60 * 60;
/// How long somebody who has registered is kept without a confirmed address.
const PENDING_SECONDS: i64 = 24 * 60 * 60;

/// The users of one tenant.
pub struct Users<'a>(pub(crate) &'a Scope);

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    #[serde(flatten)]
    person: Person,
    email: Email,
    /// The one role of rows of before there were several, which functions of that version read.
    role: OlderRole,
    roles: Option<Roles>,
    status: UserStatus,
    valid_from: Timestamp,
}

/// A new user, who is decided and not committed.
#[must_use = "a decision changes nothing until it is committed"]
pub struct DecidedUser {
    user: Decided<User>,
    password: PasswordHash,
}

impl DecidedUser {
    /// Decides that an operator adds an admin.
    pub fn admin(
        (person, email): (Person, &Email),
        password: &Password,
        stamp: Stamp,
    ) -> Result<DecidedUser, StoreError> {
        let password = passwords::hash(password).map_err(StoreError::corrupt)?;
        let admin = User::admin(new_id(UserId::from_uuid), person, email.clone(), stamp);
        Ok(DecidedUser { user: Decided::first(admin), password })
    }

    pub fn user(&self) -> &Versioned<User> {
        &self.user.next
    }
}

impl Users<'_> {
    /// A consistent read.
    pub async fn get(&self, id: UserId) -> Result<Option<Versioned<User>>, StoreError> {
        let row = self.0.get(&USER.of(id), &SortKey::SINGLE).await?;
        stored(id, row)
    }

    /// An eventually consistent read, at half the cost: for views, never for decisions.
    pub async fn get_eventually(&self, id: UserId) -> Result<Option<Versioned<User>>, StoreError> {
        let row = self.0.get_eventually(&USER.of(id), &SortKey::SINGLE).await?;
        stored(id, row)
    }

    /// The writes of a new admin, the directory entry and the event, with the tenant's count of users and the row of the
    /// staff: whoever commits them answers for the actor.
    ///
    /// The commit fails with [`Conflict::Exists`](crate::table::Conflict::Exists) when the address is taken.
    pub(super) fn admission(
        &self,
        DecidedUser { user, password }: &DecidedUser,
        context: &CommandContext,
    ) -> Result<Vec<Write>, StoreError> {
        let mut writes = self.rows(user, Some(password))?;
        writes.push(self.0.tenants().user_is_admitted());
        writes.extend(self.0.staff().row(user));
        writes.extend(self.0.log(&USER, user.next.value.id)?.events(user, context)?);
        Ok(writes)
    }

    /// Commits a new user, or a change of one, by somebody who has power over the user: the user, the directory entry and
    /// the event in one transaction with the tenant's count of users, and with all that the user's roles are counted by.
    /// `password` is the hash of a new password; a user who has none cannot sign in.
    ///
    /// Fails with [`Conflict::Power`](crate::table::Conflict::Power) when what has permitted it has changed, and with
    /// another conflict when the address of a new user is taken, or when the tenant has as many users as it may have.
    pub async fn commit_by(
        &self,
        allowed: (&Acting, UserQuota),
        decided: &Decided<User>,
        password: Option<&PasswordHash>,
        context: &CommandContext,
    ) -> Result<(), StoreError> {
        self.0.commit(self.by(allowed, decided, password, context)?).await
    }

    pub(super) fn by(
        &self,
        (acting, most): (&Acting, UserQuota),
        decided: &Decided<User>,
        password: Option<&PasswordHash>,
        context: &CommandContext,
    ) -> Result<Vec<Write>, StoreError> {
        let mut writes = self.rows(decided, password)?;
        writes.extend(self.seat(decided, most));
        writes.extend(self.powers(decided.into(), decided.stamp(), acting)?);
        writes.extend(self.0.log(&USER, decided.next.value.id)?.events(decided, context)?);
        Ok(writes)
    }

    /// Deletes the user: the directory entry and the row of the register go, so that the address is free, and the user's row
    /// says nothing any more. All that the user was counted by changes with it, in one transaction. A row in the directory,
    /// with the id alone, keeps the rest of what is stored of the user in reach of the [walk](crate::table::Walk).
    ///
    /// Fails like [`commit_by`](Self::commit_by).
    pub async fn delete_by(
        &self,
        acting: &Acting,
        decided: &Decided<User, Event, Gone>,
        context: &CommandContext,
    ) -> Result<(), StoreError> {
        let before = decided.before.as_ref().ok_or_else(|| StoreError::corrupt("nobody is deleted"))?;
        let end = self.0.decided_end(&USER.of(before.id), SortKey::SINGLE, decided);
        let mut writes = vec![end.number(EXPIRES_AT, decided.stamp().at.as_second() + KEPT_SECONDS)];
        let directory = self.0.directory();
        if directory.lists(before).await? {
            writes.push(directory.removal(before, decided));
        }
        writes.push(directory.name_of_deleted(before.id));
        writes.push(self.0.people().removal(before.id));
        writes.extend(before.holds_seat().then(|| self.0.tenants().user_goes()));
        let passage = Passage::out(before, decided);
        writes.extend(self.powers(passage, decided.stamp(), acting)?);
        writes.extend(self.0.log(&USER, before.id)?.events(decided, context)?);
        self.0.commit(writes).await
    }

    /// The write of the tenant's count of users, if one comes or goes.
    pub(super) fn seat(&self, decided: &Decided<User>, most: UserQuota) -> Option<Write> {
        let (had, has) =
            (decided.before.as_ref().is_some_and(User::holds_seat), decided.next.value.holds_seat());
        match (had, has) {
            (false, true) => Some(self.0.tenants().user_comes(most)),
            (true, false) => Some(self.0.tenants().user_goes()),
            (false, false) | (true, true) => None,
        }
    }

    /// Commits what a user does to themselves, which takes no power and changes none. `password` is the hash of a new
    /// password.
    pub async fn commit_own(
        &self,
        decided: &Decided<User>,
        password: Option<&PasswordHash>,
        context: &CommandContext,
    ) -> Result<(), StoreError> {
        self.0.commit(self.own(decided, password, context)?).await
    }

    /// The writes of what a user does to themselves: whoever commits them answers for the user.
    pub(super) fn own(
        &self,
        decided: &Decided<User>,
        password: Option<&PasswordHash>,
        context: &CommandContext,
    ) -> Result<Vec<Write>, StoreError> {
        let next = &decided.next.value;
        let is_harmless =
            decided.before.as_ref().is_some_and(|was| (&was.roles, was.status) == (&next.roles, next.status));
        if decided.stamp().by != (Actor::User { id: next.id }) || !is_harmless {
            return Err(StoreError::corrupt("what takes power was decided without any"));
        }
        let mut writes = self.rows(decided, password)?;
        writes.extend(self.0.log(&USER, next.id)?.events(decided, context)?);
        Ok(writes)
    }

    /// The writes that follow from the user's roles, and the checks that the actor's power is what it was when it was
    /// decided upon.
    fn powers(&self, passage: Passage<'_>, stamp: &Stamp, acting: &Acting) -> Result<Vec<Write>, StoreError> {
        if stamp.by != (Actor::User { id: acting.user.value.id }) {
            return Err(StoreError::corrupt("one has decided by the power of another"));
        }
        let mut writes = acting.checks(self.0, passage.user);
        writes.extend(self.0.staff().row(passage));
        writes.extend(self.0.role_books().counts(passage));
        Ok(writes)
    }

    /// The writes of the user, of the directory's entries and of the row of the register.
    pub(super) fn rows(
        &self,
        decided: &Decided<User>,
        password: Option<&PasswordHash>,
    ) -> Result<Vec<Write>, StoreError> {
        let User { id, person, email, roles, status, valid_from } = decided.next.value.clone();
        let document =
            Document { person, email, role: (&roles).into(), roles: Some(roles), status, valid_from };
        let state = self.0.decided_state(&USER.of(id), SortKey::SINGLE, decided, &document)?;
        // The row of who was pending expires, unless it is put anew.
        let was_pending = |before: &User| before.status == UserStatus::PendingVerification;
        let listed = self.0.people().row(&decided.next, decided.before.as_ref().is_none_or(was_pending));
        let rows = [vec![state], self.0.directory().entries(decided, password)?, vec![listed]].concat();
        Ok(match status {
            // Anybody can register, and not come back.
            UserStatus::PendingVerification => {
                let until = decided.stamp().at.as_second() + PENDING_SECONDS;
                rows.into_iter().map(|row| row.number(EXPIRES_AT, until)).collect()
            }
            _ => rows,
        })
    }
}

/// The user of a row that was looked for; `None` for nobody, and for one who was deleted, of whom nothing is said.
pub(super) fn stored(id: UserId, row: Option<Row>) -> Result<Option<Versioned<User>>, StoreError> {
    row.filter(Row::has_document).map(|row| user(id, &row)).transpose()
}

fn user(id: UserId, row: &Row) -> Result<Versioned<User>, StoreError> {
    Ok(row.state::<Document>()?.map(|Document { person, email, role, roles, status, valid_from }| User {
        id,
        person,
        email,
        roles: roles.unwrap_or_else(|| role.into()),
        status,
        valid_from,
    }))
}

#[cfg(test)]
mod tests {
    use domain::person::PersonChanges;
    use domain::power::Power;
    use domain::role::{BuiltInRole, RoleBook};
    use domain::text::PersonName;
    use domain::user::{Change, Command};
    use store_world::World;

    use super::*;
    use crate::testing::{Table, context, known};

    #[tokio::test]
    async fn what_takes_power_is_not_committed_as_one_s_own() {
        let world = World::start(Table::new).await;
        let scope = world.scope();
        let [me, other] = [(); 2].map(|()| new_id(UserId::from_uuid));
        let by = |id: UserId| Stamp { at: Timestamp::UNIX_EPOCH, by: Actor::User { id } };
        let name = |name: &str| PersonName::try_from(name.to_owned()).unwrap();
        let email = "ada@acme.example".to_owned().try_into().unwrap();
        let user = Decided::first(User::admin(me, Person::named(name("Ada")), email, by(me))).next;
        let book = RoleBook::of(me);
        let power = Power::of(&user.value, &book);
        let update =
            Change::Update { person: PersonChanges::default(), roles: Some(BuiltInRole::Admin.into()) };
        let roles = vec![BuiltInRole::Admin.into(), BuiltInRole::Editor.into()].try_into().unwrap();
        let widened = Change::Update { person: PersonChanges::default(), roles: Some(roles) };
        let rename = |stamp| {
            let changes = PersonChanges { name: Some(name("Eve")), ..PersonChanges::default() };
            known(user.clone()).decide(|user| user.decide(Command::Update(changes), stamp)).unwrap()
        };
        let change = |change| known(user.clone()).decide(|user| power.change(user, change, by(me))).unwrap();
        for refused in [rename(by(other)), change(widened)] {
            let outcome = scope.users().commit_own(&refused, None, &context(Timestamp::UNIX_EPOCH)).await;
            assert!(matches!(outcome, Err(StoreError::Corrupt(_))), "{outcome:?}");
        }
        // These go on to the table, where there is no such user.
        for harmless in [rename(by(me)), change(update)] {
            let outcome = scope.users().commit_own(&harmless, None, &context(Timestamp::UNIX_EPOCH)).await;
            assert!(matches!(outcome, Err(StoreError::Conflict(_))), "{outcome:?}");
        }
    }
}
