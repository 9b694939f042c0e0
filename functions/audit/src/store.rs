//! The stored audit log: each event has a row in the tenant's list, and one in its actor's.

use domain::audit::{AuditPosition, between};
use domain::event::{Aggregate, EventType, Tagged, TypeName};
use domain::id::EventId;
use domain::{Actor, Version};
use futures::try_join;
use jiff::Timestamp;
use platform::table::namespace::audit::{AUDIT, AUDIT_OF, AUDIT_OF_OPERATORS};
use platform::table::{
    Condition, Conflict, Listing, LoggedEvent, Page, Partition, Row, Scope, SortKey, StoreError,
};
use serde::{Deserialize, Serialize};

use crate::actor::AskedActor;

const RECORDED: Conflict = Conflict::Exists("audit entry");

/// An event without its data, which may be personal. It may be of a newer version than this one: a list shows
/// what another version has recorded.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct AuditEntry {
    pub(crate) id: EventId,
    pub(crate) kind: TypeName,
    pub(crate) actor: Tagged<Actor>,
    pub(crate) aggregate: Tagged<Aggregate>,
    pub(crate) sequence: Version,
    pub(crate) occurred_at: Timestamp,
}

/// Which entries to list. An entry has to match everything that is given.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct AuditFilter {
    pub(crate) actor: Option<AskedActor>,
    pub(crate) kind: Option<EventType>,
    /// `from` and `to` are inclusive, and compared in milliseconds.
    pub(crate) from: Option<Timestamp>,
    pub(crate) to: Option<Timestamp>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    kind: TypeName,
    actor: Tagged<Actor>,
    aggregate: Tagged<Aggregate>,
    sequence: Version,
    occurred_at: Timestamp,
}

/// Adds both rows, side by side, once however often the event is delivered. Where one of them fails, the message comes
/// again.
pub(crate) async fn record(scope: &Scope, event: &LoggedEvent) -> Result<(), StoreError> {
    let LoggedEvent { id, aggregate, version, stamp, actor, event } = event;
    let kind = event.event_type();
    let document = Document {
        kind: kind.into(),
        actor: actor.clone(),
        aggregate: (*aggregate).into(),
        sequence: *version,
        occurred_at: stamp.at,
    };
    let position = SortKey::of(AuditPosition::new(stamp.at, *id));
    let add = async |partition: Partition| {
        let state = (Version::FIRST, &document);
        let write = scope.write_state(&partition, position.clone(), Condition::absent(), RECORDED, state)?;
        match scope.commit(vec![write.in_facet(kind.as_str())]).await {
            Err(StoreError::Conflict(was)) if was == RECORDED => Ok(()),
            outcome => outcome,
        }
    };
    let add_to_actor = async {
        match AskedActor::of(&stamp.by) {
            Some(actor) => add(partition_of(actor)).await,
            None => Ok(()),
        }
    };
    try_join!(add(AUDIT.partition()), add_to_actor).map(drop)
}

/// Lists the newest entries first.
pub(crate) async fn list(
    scope: &Scope,
    filter: AuditFilter,
    limit: usize,
    cursor: Option<AuditPosition>,
) -> Result<Page<AuditEntry, AuditPosition>, StoreError> {
    let listing = Listing {
        by: filter.kind.map(EventType::as_str).into(),
        between: between(filter.from, filter.to),
        cursor: cursor.map(SortKey::of),
        limit,
        ..Listing::default()
    };
    let partition = filter.actor.map_or_else(|| AUDIT.partition(), partition_of);
    scope.list(&partition, listing).await?.read(entry)
}

fn partition_of(actor: AskedActor) -> Partition {
    match actor {
        AskedActor::User(id) => AUDIT_OF.of(id),
        AskedActor::Operators => AUDIT_OF_OPERATORS.partition(),
    }
}

fn entry(row: &Row) -> Result<AuditEntry, StoreError> {
    let position: AuditPosition = row.id()?;
    let Document { kind, actor, aggregate, sequence, occurred_at } = row.state::<Document>()?.value;
    Ok(AuditEntry { id: position.event(), kind, actor, aggregate, sequence, occurred_at })
}
