//! What the power of an acting user is decided on: rows that are read consistently for the decision, and that its commit
//! depends on.

use std::future::Future;

use domain::Versioned;
use domain::id::{TenantId, UserId};
use domain::power::Power;
use domain::role::RoleBook;
use domain::user::User;

use crate::accounts::{role_books, users};
use crate::table::namespace::accounts::USER;
use crate::table::{Condition, Conflict, Row, Scope, SortKey, StoreError, Write};

/// How often a command is decided. Each time, somebody else has changed what it was decided on.
const ATTEMPTS: usize = 3;

/// Who acts, and the tenant's roles.
pub struct Acting {
    tenant: TenantId,
    pub(super) user: Versioned<User>,
    book: Versioned<RoleBook>,
}

impl Scope {
    /// Reads the acting user and the role book consistently, in one request.
    pub async fn acting(&self, user: UserId) -> Result<Acting, StoreError> {
        let [actor, book] = self.get_each([user_key(user), role_books::key(self)]).await?;
        self.acting_as(user, actor, book).await
    }

    /// Reads the same, and the user who is to be changed.
    pub async fn acting_on(
        &self,
        user: UserId,
        target: UserId,
    ) -> Result<(Acting, Option<Versioned<User>>), StoreError> {
        if user == target {
            let acting = self.acting(user).await?;
            let target = acting.user.clone();
            return Ok((acting, Some(target)));
        }
        let keys = [user_key(user), role_books::key(self), user_key(target)];
        let [actor, book, found] = self.get_each(keys).await?;
        let found = users::stored(target, found)?;
        Ok((self.acting_as(user, actor, book).await?, found))
    }

    async fn acting_as(
        &self,
        user: UserId,
        row: Option<Row>,
        book: Option<Row>,
    ) -> Result<Acting, StoreError> {
        let user = users::stored(user, row)?;
        let user = user.ok_or(StoreError::Conflict(Conflict::Forbidden("Your account was deleted.")))?;
        let book = match book {
            Some(row) => role_books::book(&row)?,
            None => role_books::before_the_first(&self.tenants().row().await?)?,
        };
        Ok(Acting { tenant: self.tenant(), user, book })
    }
}

impl Acting {
    pub fn power(&self) -> Power<'_> {
        Power::of(&self.user.value, &self.book.value)
    }

    pub fn tenant(&self) -> TenantId {
        self.tenant
    }

    pub fn book(&self) -> &Versioned<RoleBook> {
        &self.book
    }

    pub fn is_owner(&self, user: UserId) -> bool {
        self.book.value.owner == user
    }

    /// The checks that nothing has changed of what the power rests on. An item stands in a transaction once, so what is
    /// written of `changed` has the condition of its own version.
    pub(super) fn checks(&self, scope: &Scope, changed: UserId) -> Vec<Write> {
        let mut checks = vec![self.check(scope, role_books::key(scope), self.book.version)];
        checks.extend(self.check_of_user(scope, Some(changed)));
        checks
    }

    /// The same for a change of the role book.
    pub(super) fn check_of_user(&self, scope: &Scope, changed: Option<UserId>) -> Option<Write> {
        let user = &self.user;
        (Some(user.value.id) != changed).then(|| self.check(scope, user_key(user.value.id), user.version))
    }

    fn check(&self, scope: &Scope, (partition, sort): Key, version: domain::Version) -> Write {
        scope.write(&partition, sort, Condition::expects(version), Conflict::Power).check()
    }
}

pub(super) type Key = (crate::table::Partition, SortKey);

pub(super) fn user_key(user: UserId) -> Key {
    (USER.of(user), SortKey::SINGLE)
}

/// Decides and commits by `attempt`, and again while its commit fails since what it was decided on has changed.
pub async fn decide_again<R, E, Fut>(attempt: impl Fn() -> Fut) -> Result<R, E>
where
    E: From<StoreError>,
    Fut: Future<Output = Result<Result<R, StoreError>, E>>,
{
    for _ in 0..ATTEMPTS {
        match attempt().await? {
            Err(StoreError::Conflict(Conflict::Power)) => {}
            outcome => return Ok(outcome?),
        }
    }
    Err(StoreError::Conflict(Conflict::Power).into())
}
