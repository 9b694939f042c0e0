//! Sessions. A session begins with a log-in and has one current refresh token, which each refresh replaces. A session
//! that ends is deleted, and a mark tells authorizers for as long as there may be access tokens of it.

mod record;
#[cfg(test)]
mod tests;

use domain::id::{SessionId, UserId};
use domain::text::{Device, Slug};
use domain::user::User;
use futures::future::try_join_all;
use jiff::Timestamp;

use crate::accounts::tokens::{LIFETIME_SECONDS, RefreshToken};
use crate::table::namespace::accounts::{ENDED, SESSIONS};
use crate::table::{Condition, Conflict, Listing, Partition, Row, Scope, SortKey, StoreError, Write};
use crate::tenancy::SessionDigest;
use record::EXPIRES_AT;

pub use record::SessionRecord;

/// How many open sessions a user has at most. Whoever signs in once more ends the oldest one.
const MOST: usize = 100;
/// How many sessions a log-in ends at most. There is more than one when several were begun at once.
const ENDED_BY_LOG_IN: usize = 10;
/// How long a mark outlives the tokens, for clocks that differ.
const CLOCK_SKEW_SECONDS: i64 = 60;
/// How often ending a session is attempted, if other requests change it at the same time.
const ATTEMPTS: u32 = 5;
/// How many sessions are ended at the same time.
const AT_ONCE: usize = 10;
/// The prefix keeps a session from looking like a commit to the relay.
const PREFIX: &str = "f#";

/// The sessions of one tenant's users.
pub struct Sessions<'a>(pub(crate) &'a Scope);

impl Sessions<'_> {
    /// The user's open sessions, from the newest to the oldest, by one consistent Query.
    pub async fn open(&self, user: &User, now: Timestamp) -> Result<Vec<SessionRecord>, StoreError> {
        let newest = Listing { limit: MOST, consistent: true, ..Listing::default() };
        let (records, _) = self.list(user.id, newest).await?;
        Ok(records.into_iter().filter(|record| record.is_open_for(user, now)).collect())
    }

    /// Ends the user's session of this name. Returns whether there is one, or was until a moment ago.
    pub async fn end_named(
        &self,
        user: UserId,
        session: SessionDigest,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let records = self.all(user).await?;
        if let Some(record) = records.into_iter().find(|record| record.digest() == session) {
            self.end_read(&record, now).await?;
            return Ok(true);
        }
        let (partition, key) = mark_of_end(user, session);
        Ok(self.0.get(&partition, &key).await?.is_some())
    }

    /// Ends all sessions of the user but this one, each by itself: when it fails, some have ended.
    pub async fn end_others(
        &self,
        user: UserId,
        kept: SessionDigest,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let records = self.all(user).await?;
        let others = records.iter().filter(|record| record.digest() != kept && record.is_open(now));
        self.end_each(others, now).await
    }

    /// Begins the session. Returns its first refresh token, and its lifetime in seconds.
    pub(crate) async fn begin(
        &self,
        tenant: Slug,
        (user, id): (UserId, SessionId),
        began_with: (Timestamp, Option<Device>),
        now: Timestamp,
    ) -> Result<(RefreshToken, i64), StoreError> {
        let token = RefreshToken::new(tenant, user, id)?;
        let record = SessionRecord::begun((user, id), &token, began_with, now);
        self.0.commit(vec![self.write(&record, Condition::absent())?]).await?;
        Ok((token, record.seconds_left(now)))
    }

    /// Ends the oldest sessions that are too many beside the one that begins. What is read may lag, so that there may be
    /// a few more for a while.
    pub(crate) async fn end_surplus(
        &self,
        (user, begun): (UserId, SessionId),
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let newest = Listing { limit: MOST + ENDED_BY_LOG_IN, ..Listing::default() };
        let (records, _) = self.list(user, newest).await?;
        let others = records.iter().filter(|record| record.id != begun && record.is_open(now));
        self.end_each(others.skip(MOST - 1), now).await
    }

    pub(crate) async fn get(&self, user: UserId, id: SessionId) -> Result<Option<SessionRecord>, StoreError> {
        let row = self.0.get(&SESSIONS.of(user), &sort_key(id)).await?;
        row.map(|row| SessionRecord::read(user, id, &row)).transpose()
    }

    /// Makes `next` the current refresh token. Fails with a conflict when another request has changed or ended the
    /// session.
    pub(crate) async fn rotate(
        &self,
        record: &SessionRecord,
        next: &RefreshToken,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let refreshed = record.refreshed(next, now);
        self.0.commit(vec![self.write(&refreshed, Condition::expects(record.version))?]).await
    }

    /// Ends the session, whichever refresh token is current, and with it its access tokens: authorizers look for
    /// the mark.
    pub(crate) async fn end(&self, user: UserId, id: SessionId, now: Timestamp) -> Result<(), StoreError> {
        match self.get(user, id).await? {
            Some(record) => self.end_read(&record, now).await,
            None => Ok(()),
        }
    }

    /// Ends a session that was just read. A refresh may come between.
    async fn end_read(&self, record: &SessionRecord, now: Timestamp) -> Result<(), StoreError> {
        let mut reread;
        let mut record = record;
        for _ in 0..ATTEMPTS {
            if record.has_ended() {
                return Ok(());
            }
            match self.0.commit(vec![self.deletion(record), self.mark(record, now)]).await {
                Err(StoreError::Conflict(_)) => {}
                outcome => return outcome,
            }
            reread = self.get(record.user, record.id).await?;
            match &reread {
                Some(changed) => record = changed,
                None => return Ok(()),
            }
        }
        Err(StoreError::Unavailable("the session is changed by others all the time".to_owned()))
    }

    async fn end_each(
        &self,
        records: impl Iterator<Item = &SessionRecord>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let records: Vec<_> = records.collect();
        for some in records.chunks(AT_ONCE) {
            try_join_all(some.iter().map(|record| self.end_read(record, now))).await?;
        }
        Ok(())
    }

    /// All that are stored, read consistently.
    async fn all(&self, user: UserId) -> Result<Vec<SessionRecord>, StoreError> {
        let (mut all, mut cursor) = (Vec::new(), None);
        loop {
            let page = Listing { limit: 10 * MOST, consistent: true, cursor, ..Listing::default() };
            let (records, next) = self.list(user, page).await?;
            all.extend(records);
            match next {
                Some(next) => cursor = Some(next),
                None => return Ok(all),
            }
        }
    }

    /// From the newest on: ids are sorted by time.
    async fn list(
        &self,
        user: UserId,
        listing: Listing<'_>,
    ) -> Result<(Vec<SessionRecord>, Option<SortKey>), StoreError> {
        let page = self.0.list(&SESSIONS.of(user), listing).await?;
        let read = |row: &Row| SessionRecord::read(user, session_id(&row.sort_key()?)?, row);
        Ok((page.items.iter().map(read).collect::<Result<_, _>>()?, page.next_cursor))
    }

    fn deletion(&self, record: &SessionRecord) -> Write {
        let as_read = Condition::expects(record.version);
        self.0.write(&SESSIONS.of(record.user), sort_key(record.id), as_read, Conflict::Version).delete()
    }

    fn mark(&self, record: &SessionRecord, now: Timestamp) -> Write {
        let (partition, key) = mark_of_end(record.user, record.digest());
        let write = self.0.write(&partition, key, Condition::absent(), Conflict::Exists("mark"));
        write.number(EXPIRES_AT, now.as_second() + LIFETIME_SECONDS + CLOCK_SKEW_SECONDS)
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
pub(super) fn mark_of_end(user: UserId, session: SessionDigest) -> (Partition, SortKey) {
    (ENDED.of(user), SortKey::of(format_args!("{PREFIX}{session}")))
}

fn sort_key(id: SessionId) -> SortKey {
    SortKey::of(format_args!("{PREFIX}{id}"))
}

fn session_id(key: &SortKey) -> Result<SessionId, StoreError> {
    key.as_str().strip_prefix(PREFIX).unwrap_or_default().parse().map_err(StoreError::corrupt)
}
