//! The log: the commits of aggregates. Each row holds the events of one commit, and is its own outbox.

use domain::event::{Aggregate, Envelope, Event, StoredCommit, StoredEvent};
use domain::id::EventId;
use domain::{Stamp, Version};

use super::commit::CommandContext;
use super::keys::{COMMIT, SNAPSHOT};
use super::namespace::commits_of;
use super::{Condition, Conflict, Decided, Listing, Page, Partition, Row, Scope, SortKey, StoreError, Write};
use crate::new_id;

impl Scope {
    /// The writes of a decision's events as one commit, and of the command's receipt if its request has an
    /// idempotency key.
    pub fn decided_events<T>(
        &self,
        aggregate: Aggregate,
        decided: &Decided<T>,
        context: &CommandContext,
    ) -> Result<Vec<Write>, StoreError> {
        self.decided_commit(aggregate, decided, decided.events(), None, context)
    }

    /// Like [`decided_events`](Self::decided_events), for an aggregate whose own events are not the published
    /// ones. With `snapshot`, the commit holds the whole state too.
    pub fn decided_commit<T, E>(
        &self,
        aggregate: Aggregate,
        decided: &Decided<T, E>,
        published: &[Event],
        snapshot: Option<String>,
        context: &CommandContext,
    ) -> Result<Vec<Write>, StoreError> {
        let Stamp { at, by } = decided.stamp();
        let events = published.iter().map(|event| StoredEvent::new(new_id(EventId::from_uuid), event));
        let commit = StoredCommit {
            at,
            actor: by,
            traceparent: context.traceparent.clone(),
            events: events.collect::<Result<_, _>>().map_err(StoreError::corrupt)?,
        };
        let commit = serde_json::to_string(&commit).map_err(StoreError::corrupt)?;
        let key = SortKey::commit(decided.next.version);
        let mut write = self
            .write(&commits_of(aggregate), key, Condition::absent(), Conflict::Version)
            .own_text(COMMIT, commit)
            .made_by_the_log();
        if let Some(snapshot) = snapshot {
            write = write.own_text(SNAPSHOT, snapshot);
        }
        Ok([Some(write), self.receipt_of(context)?].into_iter().flatten().collect())
    }

    /// The write of a decision's state as a row, on the condition that the stored version is still the one
    /// that the decision was made on.
    pub fn decided_state<T, E>(
        &self,
        partition: &Partition,
        sort: SortKey,
        decided: &Decided<T, E>,
        document: &impl serde::Serialize,
    ) -> Result<Write, StoreError> {
        let condition = Condition::expects(decided.expected);
        self.write_state(partition, sort, condition, Conflict::Version, (decided.next.version, document))
    }
}

/// A commit as it was read from the log.
#[derive(Debug, Clone)]
pub struct LoggedCommit {
    pub version: Version,
    pub stamp: Stamp,
    /// The whole state as of this commit, if the commit holds it.
    pub snapshot: Option<String>,
    stored: StoredCommit,
}

impl LoggedCommit {
    /// Reads the events. Fails with [`StoreError::Corrupt`] if one cannot be read.
    pub fn events(self) -> Result<Vec<Event>, StoreError> {
        let events = self.stored.events.into_iter().map(StoredEvent::event);
        events.collect::<Result<_, _>>().map_err(StoreError::corrupt)
    }
}

/// Which commits of an aggregate to read.
#[derive(Debug, Default)]
pub struct Commits {
    /// The newest version to read; `None` for the newest there is.
    pub up_to: Option<Version>,
    /// Whether the oldest commit comes first, and not the newest.
    pub ascending: bool,
    /// The version at which the previous page ended.
    pub cursor: Option<Version>,
    pub limit: usize,
    pub consistent: bool,
}

impl Scope {
    /// Reads a page of an aggregate's commits by one Query.
    pub async fn commits(
        &self,
        aggregate: Aggregate,
        asked: Commits,
    ) -> Result<Page<LoggedCommit, Version>, StoreError> {
        let key = |version| SortKey::commit(version).as_str().to_owned();
        // The bounds exclude the state that some aggregates have beside their commits.
        let newest = asked.up_to.map_or_else(|| key(Version::MOST), key);
        let listing = Listing {
            between: Some((key(Version::FIRST), newest)),
            ascending: asked.ascending,
            cursor: asked.cursor.map(SortKey::commit),
            limit: asked.limit,
            consistent: asked.consistent,
            ..Listing::default()
        };
        let page = self.list(&commits_of(aggregate), listing).await?;
        Ok(Page {
            items: page.items.iter().map(logged).collect::<Result<_, _>>()?,
            next_cursor: page.next_cursor.as_ref().map(version).transpose()?,
        })
    }

    /// Reads an aggregate's first commit. It never changes, so the read is an eventually consistent one.
    pub async fn first_commit(&self, aggregate: Aggregate) -> Result<Option<LoggedCommit>, StoreError> {
        let row = self.get_eventually(&commits_of(aggregate), &SortKey::commit(Version::FIRST)).await?;
        row.as_ref().map(logged).transpose()
    }

    /// The events of a commit as they are published.
    pub fn envelopes(&self, aggregate: Aggregate, commit: LoggedCommit) -> Vec<Envelope> {
        commit.stored.envelopes(self.tenant(), aggregate, commit.version)
    }
}

fn version(key: &SortKey) -> Result<Version, StoreError> {
    key.version().ok_or_else(|| StoreError::corrupt("not the sort key of a commit"))
}

fn logged(row: &Row) -> Result<LoggedCommit, StoreError> {
    let stored: StoredCommit = serde_json::from_str(row.own_text(COMMIT)?).map_err(StoreError::corrupt)?;
    let snapshot = row.own_text(SNAPSHOT).ok().map(str::to_owned);
    let stamp = Stamp { at: stored.at, by: stored.actor };
    Ok(LoggedCommit { version: version(&row.sort_key()?)?, stamp, snapshot, stored })
}
