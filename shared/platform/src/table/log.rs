//! The log: the commits of aggregates. Each row holds the events of one commit, and is its own outbox.

use std::fmt;

use domain::event::{Aggregate, Event, StoredCommit, StoredEvent, Tagged};
use domain::id::{EventId, Id};
use domain::{Actor, Stamp, Version};

use super::commit::CommandContext;
use super::keys::{COMMIT, SNAPSHOT, STATE};
use super::namespace::commits_of;
use super::{
    Condition, Conflict, Decided, Listing, Namespace, Page, Partition, Row, Scope, SortKey, StoreError, Write,
};
use crate::new_id;

/// The commits of one aggregate. Whoever may name the namespace may read and write them.
pub struct Log<'a> {
    scope: &'a Scope,
    partition: Partition,
    aggregate: Aggregate,
}

impl Scope {
    /// Fails with [`StoreError::Corrupt`] if the namespace is not that of an aggregate's commits.
    pub fn log<K: Id>(&self, namespace: &Namespace<K>, id: K) -> Result<Log<'_>, StoreError> {
        let aggregate = namespace.aggregate(id);
        let aggregate = aggregate.ok_or_else(|| StoreError::corrupt("a namespace without commits"))?;
        Ok(Log { scope: self, partition: namespace.of(id), aggregate })
    }

    /// The event in the tenant's log, whole; `None` if this aggregate has no such event at this version. Who
    /// asks has heard of the event, so an eventually consistent read nearly always finds it, at half the cost.
    pub(crate) async fn logged_event(
        &self,
        aggregate: Aggregate,
        version: Version,
        id: EventId,
    ) -> Result<Option<LoggedEvent>, StoreError> {
        let (partition, key) = (commits_of(aggregate), SortKey::commit(version));
        let row = match self.get_eventually(&partition, &key).await? {
            Some(row) => Some(row),
            None => self.get(&partition, &key).await?,
        };
        let Some(row) = row else { return Ok(None) };
        let LoggedCommit { stamp, stored, .. } = CommitRow { row, aggregate }.read()?;
        let StoredCommit { actor, events, .. } = stored;
        let Some(event) = events.into_iter().find(|event| event.id() == id) else { return Ok(None) };
        Ok(Some(LoggedEvent { id, aggregate, version, stamp, actor, event: event.event()? }))
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

    /// A write of the row of a state that a decision has ended, on the same condition, with nothing of it but the version.
    pub(crate) fn decided_end<T, E, N>(
        &self,
        partition: &Partition,
        sort: SortKey,
        decided: &Decided<T, E, N>,
    ) -> Write {
        let condition = Condition::expects(decided.expected);
        let write = self.write(partition, sort, condition, Conflict::Version);
        write.at_version(decided.next.version)
    }
}

impl Log<'_> {
    /// The writes of a decision's events as one commit, and of the command's receipt if its request has an
    /// idempotency key.
    pub fn events<T, N>(
        &self,
        decided: &Decided<T, Event, N>,
        context: &CommandContext,
    ) -> Result<Vec<Write>, StoreError> {
        self.published(decided, decided.events(), None, context)
    }

    /// Like [`events`](Self::events), for an aggregate whose own events are not the published ones. With
    /// `snapshot`, the commit holds the whole state too.
    pub fn published<T, E, N>(
        &self,
        decided: &Decided<T, E, N>,
        published: &[Event],
        snapshot: Option<String>,
        context: &CommandContext,
    ) -> Result<Vec<Write>, StoreError> {
        let events = published.iter().map(|event| StoredEvent::new(new_id(EventId::from_uuid), event));
        let traceparent = context.traceparent.clone();
        let mut write = self.write(decided.next.version, decided.stamp().clone(), traceparent, events)?;
        if let Some(snapshot) = snapshot {
            write = write.own_text(SNAPSHOT, snapshot);
        }
        Ok([Some(write), self.scope.receipt_of(context)?].into_iter().flatten().collect())
    }

    /// Like [`events`](Self::events), for an aggregate whose every commit holds the whole state, in a form of its own.
    /// The commit that ends it holds none.
    pub fn whole<T, N>(
        &self,
        decided: &Decided<T, Event, N>,
        state: Option<Vec<u8>>,
        context: &CommandContext,
    ) -> Result<Vec<Write>, StoreError> {
        let mut writes = self.events(decided, context)?;
        if let Some(state) = state {
            let commit = writes.remove(0);
            writes.insert(0, commit.own_bytes(STATE, state));
        }
        Ok(writes)
    }

    /// The write of an event that tells something by itself, at the version and with the id that what it tells has. Its
    /// commit fails with [`Conflict::Version`] when that is told already.
    pub fn told(
        &self,
        version: Version,
        stamp: Stamp,
        (id, event): (EventId, &Event),
    ) -> Result<Write, StoreError> {
        self.write(version, stamp, None, [StoredEvent::new(id, event)])
    }

    fn write(
        &self,
        version: Version,
        Stamp { at, by }: Stamp,
        traceparent: Option<String>,
        events: impl IntoIterator<Item = Result<StoredEvent, serde_json::Error>>,
    ) -> Result<Write, StoreError> {
        let events = events.into_iter().collect::<Result<_, _>>().map_err(StoreError::corrupt)?;
        let commit = StoredCommit { at, actor: by.into(), traceparent, events };
        let commit = serde_json::to_string(&commit).map_err(StoreError::corrupt)?;
        let key = SortKey::commit(version);
        let write = self.scope.write(&self.partition, key, Condition::absent(), Conflict::Version);
        Ok(write.own_text(COMMIT, commit).made_by_the_log())
    }

    /// Reads a page of the commits by one Query.
    pub async fn commits(&self, asked: Commits) -> Result<Page<CommitRow, Version>, StoreError> {
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
        let page = self.scope.list(&self.partition, listing).await?;
        Ok(Page {
            items: page.items.into_iter().map(|row| self.commit(row)).collect(),
            next_cursor: page.next_cursor.as_ref().map(version).transpose()?,
        })
    }

    /// Reads the first commit. It never changes, so the read is an eventually consistent one.
    pub async fn first_commit(&self) -> Result<Option<CommitRow>, StoreError> {
        let row = self.scope.get_eventually(&self.partition, &SortKey::commit(Version::FIRST)).await?;
        Ok(row.map(|row| self.commit(row)))
    }

    fn commit(&self, row: Row) -> CommitRow {
        CommitRow { row, aggregate: self.aggregate }
    }
}

/// A commit that was read from the table and is not parsed yet: who looks for a snapshot stops there.
#[derive(Debug, Clone)]
pub struct CommitRow {
    row: Row,
    aggregate: Aggregate,
}

impl CommitRow {
    /// The whole state as of this commit, if the commit holds it.
    pub fn state(&self) -> Option<&[u8]> {
        self.row.own_bytes(STATE)
    }

    /// The aggregate's version after this commit.
    pub fn version(&self) -> Result<Version, StoreError> {
        version(&self.row.sort_key()?)
    }

    /// Fails with [`StoreError::Corrupt`] if this is no commit, and with [`StoreError::Unknown`] if another
    /// version's actor has made it.
    pub fn read(&self) -> Result<LoggedCommit, StoreError> {
        let stored: StoredCommit = serde_json::from_str(self.row.own_text(COMMIT)?).map_err(unreadable)?;
        let snapshot = self.row.own_text(SNAPSHOT).ok().map(str::to_owned);
        let stamp = Stamp { at: stored.at, by: stored.actor.read()? };
        let version = self.version()?;
        Ok(LoggedCommit { version, stamp, snapshot, stored, aggregate: self.aggregate })
    }
}

/// A commit as the log holds it.
pub struct LoggedCommit {
    pub version: Version,
    pub stamp: Stamp,
    /// The whole state as of this commit, if the commit holds it.
    pub snapshot: Option<String>,
    stored: StoredCommit,
    aggregate: Aggregate,
}

impl LoggedCommit {
    /// Reads the events. Fails with [`StoreError::Corrupt`] if one is broken, and with [`StoreError::Unknown`]
    /// if another version has written it.
    pub fn events(self) -> Result<Vec<Event>, StoreError> {
        self.stored.events.into_iter().map(|event| Ok(event.event()?)).collect()
    }

    /// The events as they were written, also those that this version does not know.
    pub fn stored_events(&self) -> &[StoredEvent] {
        &self.stored.events
    }
}

/// An event as the log holds it.
#[derive(Debug, Clone, PartialEq)]
pub struct LoggedEvent {
    pub id: EventId,
    pub aggregate: Aggregate,
    /// The aggregate's version after the commit that the event belongs to.
    pub version: Version,
    pub stamp: Stamp,
    /// The stamp's actor as it was written, which may hold more than this version knows.
    pub actor: Tagged<Actor>,
    pub event: Event,
}

/// Events and snapshots hold personal data.
impl fmt::Debug for LoggedCommit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "LoggedCommit({:?}, {})", self.aggregate, self.version)
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

/// The parser's own words may quote what a person has entered.
fn unreadable(error: serde_json::Error) -> StoreError {
    StoreError::corrupt(format!("a commit cannot be read, at column {}", error.column()))
}

fn version(key: &SortKey) -> Result<Version, StoreError> {
    key.version().ok_or_else(|| StoreError::corrupt("not the sort key of a commit"))
}
