//! Who did what, and when: a row for each event, in the tenant's list and in that of its actor.

use domain::audit::{AuditPosition, by_the_millisecond};
use domain::id::EventId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::events::{Actor, Aggregate, Envelope, EventType};
use crate::stores::keys::{Partition, SK};
use crate::stores::listing::Listing;
use crate::stores::scope::{Item, stored, text};
use crate::stores::write::Condition;
use crate::stores::{Conflict, Page, Scope, StoreError, Version};

const RECORDED: Conflict = Conflict::Exists("audit entry");

pub struct Audit<'a>(pub(crate) &'a Scope);

/// An event without its data, which may be personal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    pub id: EventId,
    pub kind: EventType,
    pub actor: Actor,
    pub aggregate: Aggregate,
    pub sequence: Version,
    pub occurred_at: Timestamp,
}

/// Which entries; all that is given must hold.
#[derive(Debug, Clone, Copy, Default)]
pub struct AuditFilter {
    pub actor: Option<Actor>,
    pub kind: Option<EventType>,
    /// Both are inclusive, and compared by the millisecond.
    pub from: Option<Timestamp>,
    pub to: Option<Timestamp>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    kind: EventType,
    actor: Actor,
    aggregate: Aggregate,
    sequence: Version,
    occurred_at: Timestamp,
}

impl Audit<'_> {
    /// Puts the rows in once, however often the event comes.
    pub async fn record(&self, envelope: &Envelope) -> Result<(), StoreError> {
        let Envelope { id, r#type: kind, actor, aggregate, sequence, occurred_at, .. } = *envelope;
        let document = Document { kind, actor, aggregate, sequence, occurred_at };
        let position = AuditPosition::new(occurred_at, id).to_string();
        for partition in [Partition::Audit, partition_of(actor)] {
            let state = (Version::FIRST, &document);
            let write =
                self.0.write_state(&partition, position.clone(), Condition::absent(), RECORDED, state)?;
            match self.0.commit(vec![write.in_facet(kind.as_str())]).await {
                Err(StoreError::Conflict(was)) if was == RECORDED => {}
                outcome => outcome?,
            }
        }
        Ok(())
    }

    /// The newest first.
    pub async fn list(
        &self,
        filter: AuditFilter,
        limit: usize,
        below: Option<AuditPosition>,
    ) -> Result<Page<AuditEntry, AuditPosition>, StoreError> {
        let listing = Listing {
            facet: filter.kind.map(EventType::as_str),
            between: filter.bounds(),
            after: below.map(|position| position.to_string()),
            limit,
            ..Listing::default()
        };
        let page = self.0.list(&filter.actor.map_or(Partition::Audit, partition_of), listing).await?;
        Ok(Page {
            items: page.items.iter().map(entry).collect::<Result<_, _>>()?,
            next_cursor: page.next_cursor.map(|key| key.parse()).transpose().map_err(StoreError::corrupt)?,
        })
    }
}

impl AuditFilter {
    /// A millisecond is followed by its events, so the last one ends behind all of them.
    fn bounds(&self) -> Option<(String, String)> {
        if self.from.is_none() && self.to.is_none() {
            return None;
        }
        let least = self.from.map_or_else(|| "0".to_owned(), by_the_millisecond);
        let most = self.to.map(by_the_millisecond).unwrap_or_default();
        Some((least, format!("{most}{}", char::MAX)))
    }
}

fn partition_of(actor: Actor) -> Partition<'static> {
    match actor {
        Actor::User { id } => Partition::UserAudit(id),
        Actor::Operator => Partition::OperatorAudit,
    }
}

fn entry(item: &Item) -> Result<AuditEntry, StoreError> {
    let position: AuditPosition = text(item, SK)?.parse().map_err(StoreError::corrupt)?;
    let Document { kind, actor, aggregate, sequence, occurred_at } = stored::<Document>(item)?.value;
    Ok(AuditEntry { id: position.event(), kind, actor, aggregate, sequence, occurred_at })
}
