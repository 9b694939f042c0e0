//! Failed attempts of a signed-in user to prove the present password. Who holds a stolen token would guess it here,
//! and keep the account.

use domain::id::UserId;
use jiff::Timestamp;

use crate::accounts::attempts::Window;
use crate::table::namespace::accounts::ATTEMPTS;
use crate::table::{Attribute, Condition, Conflict, Scope, SortKey, StoreError};

const FAILURES: Attribute = Attribute::new("failures");
const EXPIRES_AT: Attribute = Attribute::new("expiresAt");
const MOST: u64 = 10;

/// The attempts of the users of one tenant.
pub struct PasswordAttempts<'a>(pub(crate) &'a Scope);

impl PasswordAttempts<'_> {
    /// For how many seconds the user may not try again.
    pub async fn wait(&self, user: UserId, now: Timestamp) -> Result<Option<u64>, StoreError> {
        let window = Window::of(now);
        let row = self.0.get(&ATTEMPTS.of(user), &SortKey::of(window.number())).await?;
        let failures: u64 = row.map(|row| row.number(FAILURES)).transpose()?.unwrap_or_default();
        Ok((failures >= MOST).then(|| window.seconds_left()))
    }

    pub async fn failed(&self, user: UserId, now: Timestamp) -> Result<(), StoreError> {
        let window = Window::of(now);
        let below = Condition::with("attribute_not_exists(failures) OR failures < :most", ":most", MOST);
        let write =
            self.0.write(&ATTEMPTS.of(user), SortKey::of(window.number()), below, Conflict::Contention);
        let write = write.update().add_number(FAILURES, 1).number(EXPIRES_AT, window.expires_at());
        match self.0.commit(vec![write]).await {
            // Others have counted up to the limit meanwhile.
            Err(StoreError::Conflict(_)) => Ok(()),
            outcome => outcome,
        }
    }
}
