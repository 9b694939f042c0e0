//! When users have last signed in: a row beside the user's own, which a sign-in neither writes nor may write.

use domain::id::UserId;
use futures::try_join;
use jiff::Timestamp;

use crate::table::namespace::accounts::SIGN_INS;
use crate::table::{Attribute, Condition, Conflict, Scope, SortKey, StoreError};

/// In milliseconds.
const AT: Attribute = Attribute::new("at");

/// The last sign-ins of one tenant's users.
pub struct LastSignIns<'a>(pub(crate) &'a Scope);

impl LastSignIns<'_> {
    /// `None` for one who has not signed in since it is noted. An eventually consistent read.
    pub async fn of(&self, user: UserId) -> Result<Option<Timestamp>, StoreError> {
        let row = self.0.get_eventually(&SIGN_INS.of(user), &SortKey::SINGLE).await?;
        let Some(row) = row else { return Ok(None) };
        Timestamp::from_millisecond(row.number(AT)?).map(Some).map_err(StoreError::corrupt)
    }

    /// Notes a sign-in, and copies it into the register of people. Of two at once, either stays.
    pub(crate) async fn note(&self, user: UserId, at: Timestamp) -> Result<(), StoreError> {
        let (partition, always, people) = (SIGN_INS.of(user), Condition::always(), self.0.people());
        let write = self.0.write(&partition, SortKey::SINGLE, always, Conflict::Contention);
        let noted = self.0.commit(vec![write.number(AT, at.as_millisecond())]);
        try_join!(noted, people.signed_in(user, at))?;
        Ok(())
    }
}
