//! How a tenant that is older than the register gets one: whoever lists its users first builds a part of it, and the
//! next ones go on, until a mark says that all users are there.

use domain::Versioned;
use domain::id::UserId;
use domain::people::ListedUser;
use domain::role::RoleBook;
use futures::future::try_join_all;

use super::People;
use crate::accounts::role_books;
use crate::table::namespace::accounts::{PEOPLE, USER};
use crate::table::{Attribute, Condition, Conflict, Partition, SortKey, StoreError, Write};

/// Of a mark of a register that is being built: the address of the last user who is in it.
const BUILT_TO: Attribute = Attribute::new("builtTo");
/// How many users are put into the register by one request.
pub(super) const BUILT_AT_ONCE: usize = 200;
/// How many of them at the same time.
const AT_ONCE: usize = 10;

const IS_THERE: Conflict = Conflict::Exists("row of the register");

impl People<'_> {
    /// The tenant's roles, and whether all users are in the register, by one eventually consistent read.
    pub async fn roles_and_completeness(&self) -> Result<(Versioned<RoleBook>, bool), StoreError> {
        let [book, mark] = self.0.get_each_eventually([role_books::key(self.0), mark_key()]).await?;
        let book = match book {
            Some(row) => role_books::book(&row)?,
            None => self.0.role_books().get().await?,
        };
        Ok((book, mark.is_some_and(|mark| !mark.has(BUILT_TO))))
    }

    /// The write of the mark of a new tenant, whose users are all put into the register.
    pub(in crate::accounts) fn creation(&self) -> Write {
        self.mark(Condition::absent())
    }

    /// Puts more of the tenant's users into the register. Returns whether all of them are there.
    pub async fn build(&self) -> Result<bool, StoreError> {
        let (partition, sort) = mark_key();
        let built_to = match self.0.get(&partition, &sort).await? {
            Some(mark) if !mark.has(BUILT_TO) => return Ok(true),
            Some(mark) => Some(mark.text(BUILT_TO)?.to_owned().try_into().map_err(StoreError::corrupt)?),
            None => None,
        };
        let page = self.0.directory().ids(BUILT_AT_ONCE, built_to.as_ref()).await?;
        for ids in page.items.chunks(AT_ONCE) {
            try_join_all(ids.iter().map(|id| self.put(*id))).await?;
        }
        let mark = self.mark(Condition::that("attribute_not_exists(pk) OR attribute_exists(builtTo)"));
        let mark = match &page.next_cursor {
            Some(address) => mark.text(BUILT_TO, address.as_str()),
            None => mark,
        };
        match self.0.commit(vec![mark]).await {
            // Somebody else has completed it.
            Err(StoreError::Conflict(was)) if was == IS_THERE => Ok(true),
            outcome => outcome.map(|()| page.next_cursor.is_none()),
        }
    }

    async fn put(&self, id: UserId) -> Result<(), StoreError> {
        match self.now(id).await? {
            Some(user) => self.put_unchanged(&user).await,
            None => Ok(()),
        }
    }

    /// What a row for the user says now.
    pub(super) async fn now(&self, id: UserId) -> Result<Option<Versioned<ListedUser>>, StoreError> {
        let Some(user) = self.0.users().get(id).await? else { return Ok(None) };
        let last_sign_in_at = self.0.last_sign_ins().of(id).await?;
        Ok(Some(user.map(|user| ListedUser::new(&user, last_sign_in_at))))
    }

    /// Puts a row for a user who is as read. Whoever changes or deletes the user meanwhile writes the row as well.
    pub(super) async fn put_unchanged(&self, user: &Versioned<ListedUser>) -> Result<(), StoreError> {
        let row = self.write(user, Condition::older_than(user.version), IS_THERE);
        let unchanged = Condition::expects(user.version);
        let check = self.0.write(&USER.of(user.value.id), SortKey::SINGLE, unchanged, IS_THERE).check();
        match self.0.commit(vec![row, check]).await {
            Err(StoreError::Conflict(was)) if was == IS_THERE => Ok(()),
            outcome => outcome,
        }
    }

    fn mark(&self, condition: Condition) -> Write {
        let (partition, sort) = mark_key();
        self.0.write(&partition, sort, condition, IS_THERE)
    }
}

fn mark_key() -> (Partition, SortKey) {
    (PEOPLE.partition(), SortKey::SINGLE)
}
