//! Orders are their events. An order is loaded by one Query, newest commit first, down to a snapshot.

mod history;
mod stored;

use domain::id::OrderId;
use domain::order::{Command, Order, OrderEvent, OrderRefusal, decide, replay};
pub use history::OrderHistory;
use jiff::Timestamp;

use crate::events::{Aggregate, StoredCommit};
use crate::stores::commit::CommandContext;
use crate::stores::event_log::{COMMIT, SNAPSHOT};
use crate::stores::keys::{Partition, SK, commit_sort_key, parse_commit_sort_key};
use crate::stores::listing::Listing;
use crate::stores::scope::{Item, text};
use crate::stores::{Scope, StoreError, Version};

/// Every so many commits, the commit's item holds the whole order too, so that a load reads no more items than these.
const SNAPSHOT_EVERY: u64 = 50;

pub struct Orders<'a>(pub(crate) &'a Scope);

/// An order, and the version and time of its last commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadedOrder {
    pub order: Order,
    pub version: Version,
    pub(crate) committed_at: Timestamp,
}

/// Which of an order's states is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AsOf {
    Now,
    /// The newest up to this version.
    Version(Version),
    /// The newest that was committed at this time or before.
    Time(Timestamp),
}

#[derive(Debug)]
pub struct Decision {
    pub next: LoadedOrder,
    pub(super) events: Vec<OrderEvent>,
}

/// What a command makes of an order; nothing is written yet. `command` is told its time, which is now, but not before the
/// last commit: a request that was slow, or met a slow clock, does not change the past.
pub fn decide_order(
    loaded: Option<LoadedOrder>,
    now: Timestamp,
    command: impl FnOnce(Timestamp) -> Command,
) -> Result<Decision, OrderRefusal> {
    let committed_at = loaded.as_ref().map_or(now, |loaded| now.max(loaded.committed_at));
    let events = decide(loaded.as_ref().map(|loaded| &loaded.order), command(committed_at))?;
    let version = loaded.as_ref().map_or(Version::FIRST, |loaded| loaded.version.next());
    let order = replay(loaded.map(|loaded| loaded.order), &events).ok_or(OrderRefusal::NotFound)?;
    Ok(Decision { next: LoadedOrder { order, version, committed_at }, events })
}

impl Orders<'_> {
    pub async fn load(&self, id: OrderId) -> Result<Option<LoadedOrder>, StoreError> {
        self.load_as_of(id, AsOf::Now).await
    }

    /// By time, the commits that came later are read as well: a commit's key tells its version alone.
    pub async fn load_as_of(&self, id: OrderId, as_of: AsOf) -> Result<Option<LoadedOrder>, StoreError> {
        let mut commits = Vec::new();
        let mut after = None;
        loop {
            let range = Listing {
                between: as_of.sort_keys(),
                after,
                limit: SNAPSHOT_EVERY as usize,
                consistent: true,
                ..Listing::default()
            };
            let page = self.0.list(&Partition::order(id), range).await?;
            for item in page.items {
                if commits.is_empty() && as_of.is_before(&item)? {
                    continue;
                }
                let reached_snapshot = item.contains_key(SNAPSHOT);
                commits.push(item);
                if reached_snapshot {
                    return fold(id, commits);
                }
            }
            match page.next_cursor {
                Some(cursor) => after = Some(cursor),
                None => return fold(id, commits),
            }
        }
    }

    /// Appends the decision's events, if nobody has committed that version before.
    pub async fn append(&self, decision: &Decision, context: CommandContext) -> Result<(), StoreError> {
        let LoadedOrder { order, version, committed_at } = &decision.next;
        let context = CommandContext { at: *committed_at, ..context };
        let events: Vec<_> = decision.events.iter().map(|event| stored::event(event, order)).collect();
        let snapshot =
            version.number().is_multiple_of(SNAPSHOT_EVERY).then(|| stored::snapshot(order)).transpose()?;
        let writes =
            self.0.event_writes(Aggregate::Order(order.id()), *version, &events, snapshot, &context)?;
        self.0.commit(writes).await
    }
}

impl AsOf {
    fn sort_keys(self) -> Option<(String, String)> {
        match self {
            Self::Version(version) => Some((commit_sort_key(Version::FIRST), commit_sort_key(version))),
            Self::Now | Self::Time(_) => None,
        }
    }

    /// Whether this commit came later.
    fn is_before(self, commit: &Item) -> Result<bool, StoreError> {
        match self {
            Self::Time(time) => Ok(read_commit(commit)?.at > time),
            Self::Now | Self::Version(_) => Ok(false),
        }
    }
}

fn read_commit(item: &Item) -> Result<StoredCommit, StoreError> {
    serde_json::from_str(text(item, COMMIT)?).map_err(StoreError::corrupt)
}

/// From items, newest first, to the order.
fn fold(id: OrderId, newest_first: Vec<Item>) -> Result<Option<LoadedOrder>, StoreError> {
    let mut order = None;
    let mut last = None;
    for item in newest_first.iter().rev() {
        let commit = read_commit(item)?;
        last = parse_commit_sort_key(text(item, SK)?).map(|version| (version, commit.at));
        order = match item.contains_key(SNAPSHOT) {
            true => Some(stored::read_snapshot(id, text(item, SNAPSHOT)?)?),
            false => replay(order, &stored::read_events(commit)?),
        };
    }
    match (order, last) {
        (Some(order), Some((version, committed_at))) => {
            Ok(Some(LoadedOrder { order, version, committed_at }))
        }
        (None, None) => Ok(None),
        _ => Err(StoreError::corrupt(format!("{id} does not begin with its placing"))),
    }
}
