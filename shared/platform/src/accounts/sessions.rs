//! Sessions. A session begins with a log-in and has one current refresh token, which each refresh replaces.

use domain::Version;
use domain::id::{SessionId, UserId};
use domain::text::Slug;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

use crate::accounts::tokens::{self, RefreshToken, SessionDigest};
use crate::table::namespace::accounts::{ENDED, SESSIONS};
use crate::table::{Attribute, Condition, Conflict, Partition, Scope, SortKey, StoreError, Write};

/// The lifetime of a session from its log-in on; a refresh does not extend it.
const LIFETIME_SECONDS: i64 = 30 * 24 * 60 * 60;
/// How long a mark outlives the tokens, for clocks that differ.
const CLOCK_SKEW_SECONDS: i64 = 60;
const EXPIRES_AT: Attribute = Attribute::new("expiresAt");
/// How often ending a session is attempted, if other requests change it at the same time.
const ATTEMPTS: u32 = 5;

pub(crate) struct Sessions<'a>(pub(crate) &'a Scope);

/// A session as it is stored.
pub(crate) struct SessionRecord {
    id: SessionId,
    user: UserId,
    version: Version,
    expires_at: i64,
    document: Document,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    /// The SHA-256 of the current refresh token's secret, in hexadecimal digits.
    secret: String,
    /// When the password that the log-in verified was set.
    password_of: Timestamp,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    ended: bool,
}

impl SessionRecord {
    /// Whether this is the session's current refresh token.
    pub(crate) fn is_current(&self, token: &RefreshToken) -> bool {
        bool::from(token.digest().as_bytes().ct_eq(self.document.secret.as_bytes()))
    }

    /// An expired session may still be stored, since DynamoDB deletes expired items up to days late.
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
    /// Begins the session. Returns its first refresh token, and its lifetime in seconds.
    pub(crate) async fn begin(
        &self,
        tenant: Slug,
        (user, id): (UserId, SessionId),
        password_of: Timestamp,
        now: Timestamp,
    ) -> Result<(RefreshToken, i64), StoreError> {
        let token = RefreshToken::new(tenant, user, id)?;
        let record = SessionRecord {
            id,
            user,
            version: Version::FIRST,
            expires_at: now.as_second() + LIFETIME_SECONDS,
            document: Document { secret: token.digest(), password_of, ended: false },
        };
        self.0.commit(vec![self.write(&record, Condition::absent())?]).await?;
        Ok((token, record.seconds_left(now)))
    }

    pub(crate) async fn get(&self, user: UserId, id: SessionId) -> Result<Option<SessionRecord>, StoreError> {
        let Some(item) = self.0.get(&SESSIONS.of(user), &sort_key(id)).await? else {
            return Ok(None);
        };
        let stored = item.state::<Document>()?;
        let expires_at = item.number(EXPIRES_AT)?;
        Ok(Some(SessionRecord { id, user, version: stored.version, expires_at, document: stored.value }))
    }

    /// Makes `next` the current refresh token. Fails with a conflict when another request has changed the
    /// session.
    pub(crate) async fn rotate(&self, record: &SessionRecord, next: &RefreshToken) -> Result<(), StoreError> {
        let document = Document { secret: next.digest(), ..record.document.clone() };
        self.0.commit(vec![self.replacement(record, document)?]).await
    }

    /// Ends the session, whichever refresh token is current, and with it its access tokens: authorizers look for
    /// the mark.
    pub(crate) async fn end(&self, user: UserId, id: SessionId, now: Timestamp) -> Result<(), StoreError> {
        for _ in 0..ATTEMPTS {
            let record = match self.get(user, id).await? {
                Some(record) if !record.document.ended => record,
                _ => return Ok(()),
            };
            let document = Document { ended: true, ..record.document.clone() };
            let writes = vec![self.replacement(&record, document)?, self.mark_of_end(user, id, now)];
            match self.0.commit(writes).await {
                Err(StoreError::Conflict(_)) => {}
                outcome => return outcome,
            }
        }
        Err(StoreError::Unavailable("the session is changed by others all the time".to_owned()))
    }

    fn replacement(&self, record: &SessionRecord, document: Document) -> Result<Write, StoreError> {
        let &SessionRecord { id, user, version, expires_at, .. } = record;
        let next = SessionRecord { id, user, version: version.next(), expires_at, document };
        self.write(&next, Condition::expects(version))
    }

    fn mark_of_end(&self, user: UserId, id: SessionId, now: Timestamp) -> Write {
        let (partition, key) = mark_of_end(user, &SessionDigest::of(id));
        let write = self.0.write(&partition, key, Condition::absent(), Conflict::Exists("mark"));
        write.number(EXPIRES_AT, now.as_second() + tokens::LIFETIME_SECONDS + CLOCK_SKEW_SECONDS)
    }

    fn write(&self, record: &SessionRecord, condition: Condition) -> Result<Write, StoreError> {
        let SessionRecord { id, user, version, expires_at, document } = record;
        let partition = SESSIONS.of(*user);
        let state = (*version, document);
        let write = self.0.write_state(&partition, sort_key(*id), condition, Conflict::Version, state)?;
        Ok(write.number(EXPIRES_AT, *expires_at))
    }
}

/// Where the mark stands that the session has ended.
pub(super) fn mark_of_end(user: UserId, session: &SessionDigest) -> (Partition, SortKey) {
    (ENDED.of(user), SortKey::of(format_args!("f#{}", session.as_str())))
}

/// The prefix keeps a session from looking like a commit to the relay.
fn sort_key(id: SessionId) -> SortKey {
    SortKey::of(format_args!("f#{id}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::new_id;

    #[test]
    fn a_session_is_open_for_thirty_days_unless_it_was_ended() {
        let begun = Timestamp::from_second(1_000).unwrap();
        let at = |second: i64| Timestamp::from_second(1_000 + second).unwrap();
        let record = |ended: bool| SessionRecord {
            id: new_id(SessionId::from_uuid),
            user: new_id(UserId::from_uuid),
            version: Version::FIRST,
            expires_at: begun.as_second() + LIFETIME_SECONDS,
            document: Document { secret: String::new(), password_of: begun, ended },
        };
        assert!(record(false).is_open(at(0)) && record(false).is_open(at(LIFETIME_SECONDS - 1)));
        assert_eq!(record(false).seconds_left(at(0)), 2_592_000);
        assert!(!record(false).is_open(at(LIFETIME_SECONDS)) && !record(true).is_open(at(0)));
    }
}
