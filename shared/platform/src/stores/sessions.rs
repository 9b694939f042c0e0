//! Sessions: what a log-in began, and the one refresh token that goes on with it.

use domain::id::{SessionId, UserId};
use domain::text::Slug;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

use crate::new_id;
use crate::stores::keys::Partition;
use crate::stores::scope::{number, stored};
use crate::stores::write::{Condition, Write};
use crate::stores::{Conflict, Scope, StoreError, Version};
use crate::tokens::RefreshToken;

/// From the log-in on; a refresh does not prolong it.
const LIFETIME_SECONDS: i64 = 30 * 24 * 60 * 60;
const EXPIRES_AT: &str = "expiresAt";
/// So often is a session that others change ended anew.
const ATTEMPTS: u32 = 5;

pub(crate) struct Sessions<'a>(pub(crate) &'a Scope);

/// All refresh tokens of one log-in: each use makes the next one.
pub(crate) struct Family {
    id: SessionId,
    user: UserId,
    version: Version,
    expires_at: i64,
    document: Document,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    /// SHA-256 of the present token's secret, in hexadecimal digits.
    secret: String,
    /// When the password was set that the log-in verified.
    password_of: Timestamp,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    ended: bool,
}

impl Family {
    /// Whether this is the one token that goes on with the session.
    pub(crate) fn is_current(&self, token: &RefreshToken) -> bool {
        bool::from(token.digest().as_bytes().ct_eq(self.document.secret.as_bytes()))
    }

    /// DynamoDB deletes expired items late, sometimes by days.
    pub(crate) fn is_open(&self, now: Timestamp) -> bool {
        !self.document.ended && self.seconds_left(now) > 0
    }

    pub(crate) fn seconds_left(&self, now: Timestamp) -> i64 {
        self.expires_at - now.as_second()
    }

    pub(crate) fn password_of(&self) -> Timestamp {
        self.document.password_of
    }
}

impl Sessions<'_> {
    pub(crate) async fn begin(
        &self,
        tenant: Slug,
        user: UserId,
        password_of: Timestamp,
        now: Timestamp,
    ) -> Result<(RefreshToken, i64), StoreError> {
        let token = RefreshToken::new(tenant, user, new_id(SessionId::from_uuid))?;
        let family = Family {
            id: token.session(),
            user,
            version: Version::FIRST,
            expires_at: now.as_second() + LIFETIME_SECONDS,
            document: Document { secret: token.digest(), password_of, ended: false },
        };
        self.0.commit(vec![self.write(&family, Condition::absent())?]).await?;
        Ok((token, family.seconds_left(now)))
    }

    pub(crate) async fn get(&self, user: UserId, id: SessionId) -> Result<Option<Family>, StoreError> {
        let Some(item) = self.0.get(&Partition::Sessions(user), &sort_key(id)).await? else {
            return Ok(None);
        };
        let stored = stored::<Document>(&item)?;
        let expires_at = number(&item, EXPIRES_AT)?;
        Ok(Some(Family { id, user, version: stored.version, expires_at, document: stored.value }))
    }

    pub(crate) async fn rotate(&self, family: &Family, next: &RefreshToken) -> Result<(), StoreError> {
        let document = Document { secret: next.digest(), ..family.document.clone() };
        self.replace(family, document).await
    }

    /// Whatever its token is at this moment.
    pub(crate) async fn end(&self, user: UserId, id: SessionId) -> Result<(), StoreError> {
        for _ in 0..ATTEMPTS {
            let family = match self.get(user, id).await? {
                Some(family) if !family.document.ended => family,
                _ => return Ok(()),
            };
            let document = Document { ended: true, ..family.document.clone() };
            match self.replace(&family, document).await {
                Err(StoreError::Conflict(_)) => {}
                outcome => return outcome,
            }
        }
        Err(StoreError::Unavailable("the session is changed by others all the time".to_owned()))
    }

    async fn replace(&self, family: &Family, document: Document) -> Result<(), StoreError> {
        let &Family { id, user, version, expires_at, .. } = family;
        let next = Family { id, user, version: version.next(), expires_at, document };
        self.0.commit(vec![self.write(&next, Condition::at(version))?]).await
    }

    fn write(&self, family: &Family, condition: Condition) -> Result<Write, StoreError> {
        let Family { id, user, version, expires_at, document } = family;
        let partition = Partition::Sessions(*user);
        let state = (*version, document);
        let write = self.0.write_state(&partition, sort_key(*id), condition, Conflict::Version, state)?;
        Ok(write.number(EXPIRES_AT, expires_at))
    }
}

/// Prefixed, so that no session looks like a commit to the relay.
fn sort_key(id: SessionId) -> String {
    format!("f#{id}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_is_open_for_thirty_days_unless_it_was_ended() {
        let begun = Timestamp::from_second(1_000).unwrap();
        let at = |second: i64| Timestamp::from_second(1_000 + second).unwrap();
        let family = |ended: bool| Family {
            id: new_id(SessionId::from_uuid),
            user: new_id(UserId::from_uuid),
            version: Version::FIRST,
            expires_at: begun.as_second() + LIFETIME_SECONDS,
            document: Document { secret: String::new(), password_of: begun, ended },
        };
        assert!(family(false).is_open(at(0)) && family(false).is_open(at(LIFETIME_SECONDS - 1)));
        assert_eq!(family(false).seconds_left(at(0)), 2_592_000);
        assert!(!family(false).is_open(at(LIFETIME_SECONDS)) && !family(true).is_open(at(0)));
    }
}
