//! The event store of orders. An order is loaded by one Query, from the newest commit back to a snapshot.

mod lists;
mod stored;

use domain::id::OrderId;
use domain::order::{Order, OrderEvent, evolve};
use domain::{Version, Versioned};
use futures::try_join;
use jiff::Timestamp;
use platform::table::namespace::orders::ORDER;
use platform::table::{CommandContext, Commits, Decided, LoggedCommit, Page, Scope, StoreError};

pub(crate) use lists::{list, upsert_rows};

/// A commit whose version is a multiple of this number holds the whole order too, so that loading the newest
/// version, or one by its number, reads at most this many items.
const SNAPSHOT_EVERY: u64 = 10;
/// How many commits a further Query reads: for a time that is long ago, and where an older version has written the
/// commits, with a snapshot in every 50th.
const FURTHER: usize = 50;

/// The point at which an order is loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AsOf {
    Now,
    /// The newest version up to this one.
    Version(Version),
    /// The newest version that was committed at this time or before.
    Time(Timestamp),
}

/// Loads an order; `None` if it was not yet placed. By time, all later commits are read as well, since the
/// key of a commit has its version, but not its time.
pub(crate) async fn load(
    scope: &Scope,
    id: OrderId,
    as_of: AsOf,
) -> Result<Option<Versioned<Order>>, StoreError> {
    let log = scope.log(&ORDER, id)?;
    let (mut commits, mut cursor) = (Vec::new(), None);
    let up_to = match as_of {
        AsOf::Version(version) => Some(version),
        AsOf::Now | AsOf::Time(_) => None,
    };
    loop {
        let limit = if cursor.is_none() { SNAPSHOT_EVERY as usize } else { FURTHER };
        let asked = Commits { up_to, cursor, limit, consistent: true, ..Commits::default() };
        let page = log.commits(asked).await?;
        for row in page.items {
            let logged = row.read()?;
            if commits.is_empty() && matches!(as_of, AsOf::Time(time) if logged.stamp.at > time) {
                continue;
            }
            let reached_snapshot = logged.snapshot.is_some();
            commits.push(logged);
            if reached_snapshot {
                return fold(id, commits);
            }
        }
        match page.next_cursor {
            Some(next) => cursor = Some(next),
            None => return fold(id, commits),
        }
    }
}

/// Appends the decision's events. Fails with [`Conflict::Version`](platform::table::Conflict::Version) when
/// that version has been committed before.
pub(crate) async fn append(
    scope: &Scope,
    decided: &Decided<Order, OrderEvent>,
    context: &CommandContext,
) -> Result<(), StoreError> {
    let Versioned { value: order, version } = &decided.next;
    let events: Vec<_> =
        decided.events().iter().map(|event| stored::event(event, order, &decided.stamp().by)).collect();
    let is_due = version.number().is_multiple_of(SNAPSHOT_EVERY);
    let snapshot = is_due.then(|| stored::snapshot(order)).transpose()?;
    let log = scope.log(&ORDER, order.id)?;
    scope.commit(log.published(decided, &events, snapshot, context)?).await
}

/// The order as it was placed, and the page of its commits after the cursor; `None` if there is no order.
pub(crate) async fn history(
    scope: &Scope,
    id: OrderId,
    cursor: Option<Version>,
    limit: usize,
) -> Result<Option<(Order, Page<LoggedCommit, Version>)>, StoreError> {
    let log = scope.log(&ORDER, id)?;
    // The first page is read consistently, since it decides whether there is an order. Clients that have a
    // cursor have seen that page.
    let asked =
        Commits { ascending: true, cursor, limit, consistent: cursor.is_none(), ..Commits::default() };
    let page = log.commits(asked);
    let (page, first) = match cursor {
        None => {
            let page = page.await?;
            let first = page.items.first().cloned();
            (page, first)
        }
        Some(_) => try_join!(page, log.first_commit())?,
    };
    let first = first.map(|row| row.read()).transpose()?;
    let Some(placed) = fold(id, first.into_iter().collect())? else { return Ok(None) };
    let commits = page.items.iter().map(|row| row.read()).collect::<Result<_, _>>()?;
    Ok(Some((placed.value, Page { items: commits, next_cursor: page.next_cursor })))
}

/// Folds commits, which are given newest first, to the order.
fn fold(id: OrderId, newest_first: Vec<LoggedCommit>) -> Result<Option<Versioned<Order>>, StoreError> {
    let mut order = None;
    let mut last = None;
    for logged in newest_first.into_iter().rev() {
        let at = logged.stamp.at;
        last = Some(logged.version);
        order = match &logged.snapshot {
            Some(snapshot) => Some(stored::read_snapshot(id, snapshot, at)?),
            None => {
                let events = stored::read_events(logged.events()?)?;
                events.iter().fold(order, |order, event| evolve(order, event, at))
            }
        };
    }
    match (order, last) {
        (Some(value), Some(version)) => Ok(Some(Versioned { value, version })),
        (None, None) => Ok(None),
        _ => Err(StoreError::Corrupt(format!("{id} does not begin with its placing"))),
    }
}

#[cfg(test)]
pub(crate) mod tests;
