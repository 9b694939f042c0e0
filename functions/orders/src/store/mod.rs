//! Orders are their events. An order is loaded by one Query, newest commit first, down to a snapshot.

mod lists;
mod stored;

use domain::event::{Aggregate, Envelope};
use domain::id::OrderId;
use domain::order::{Order, OrderEvent, evolve};
use domain::{Version, Versioned};
use jiff::Timestamp;
use platform::table::{CommandContext, Commits, Decided, LoggedCommit, Page, Scope, StoreError};

pub(crate) use lists::{list, upsert_rows};

/// Every so many commits, the commit's item holds the whole order too, so that a load reads no more items than these.
const SNAPSHOT_EVERY: u64 = 50;

/// Which of an order's states is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AsOf {
    Now,
    /// The newest up to this version.
    Version(Version),
    /// The newest that was committed at this time or before.
    Time(Timestamp),
}

/// By time, the commits that came later are read as well: a commit's key tells its version alone.
pub(crate) async fn load(
    scope: &Scope,
    id: OrderId,
    as_of: AsOf,
) -> Result<Option<Versioned<Order>>, StoreError> {
    let (mut commits, mut cursor) = (Vec::new(), None);
    let up_to = match as_of {
        AsOf::Version(version) => Some(version),
        AsOf::Now | AsOf::Time(_) => None,
    };
    loop {
        let limit = SNAPSHOT_EVERY as usize;
        let asked = Commits { up_to, cursor, limit, consistent: true, ..Commits::default() };
        let page = scope.commits(Aggregate::Order(id), asked).await?;
        for logged in page.items {
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

/// Appends the decision's events, if nobody has committed that version before.
pub(crate) async fn append(
    scope: &Scope,
    decided: &Decided<Order, OrderEvent>,
    context: &CommandContext,
) -> Result<(), StoreError> {
    let Versioned { value: order, version } = &decided.next;
    let events: Vec<_> =
        decided.events().iter().map(|event| stored::event(event, order, decided.stamp())).collect();
    let is_due = version.number().is_multiple_of(SNAPSHOT_EVERY);
    let snapshot = is_due.then(|| stored::snapshot(order)).transpose()?;
    let aggregate = Aggregate::Order(order.id);
    scope.commit(scope.decided_commit(aggregate, decided, &events, snapshot, context)?).await
}

/// As it was at first, and a page of its events behind the cursor. None when there is no order.
pub(crate) async fn history(
    scope: &Scope,
    id: OrderId,
    cursor: Option<Version>,
    limit: usize,
) -> Result<Option<(Order, Page<Envelope, Version>)>, StoreError> {
    let aggregate = Aggregate::Order(id);
    // The first page decides whether there is an order; who asks for another one has seen that.
    let asked =
        Commits { ascending: true, cursor, limit, consistent: cursor.is_none(), ..Commits::default() };
    let page = scope.commits(aggregate, asked).await?;
    let first = match cursor {
        None => page.items.first().cloned(),
        Some(_) => scope.first_commit(aggregate).await?,
    };
    let Some(placed) = fold(id, first.into_iter().collect())? else { return Ok(None) };
    let events = page.items.into_iter().flat_map(|commit| scope.envelopes(aggregate, commit)).collect();
    Ok(Some((placed.value, Page { items: events, next_cursor: page.next_cursor })))
}

/// From commits, newest first, to the order.
fn fold(id: OrderId, newest_first: Vec<LoggedCommit>) -> Result<Option<Versioned<Order>>, StoreError> {
    let mut order = None;
    let mut last = None;
    for logged in newest_first.into_iter().rev() {
        let stamp = logged.stamp;
        last = Some(logged.version);
        order = match &logged.snapshot {
            Some(snapshot) => Some(stored::read_snapshot(id, snapshot, stamp.at)?),
            None => {
                let events = stored::read_events(logged.events()?)?;
                events.iter().fold(order, |order, event| evolve(order, event, stamp))
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
