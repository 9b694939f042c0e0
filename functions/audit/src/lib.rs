//! Who did what, and when: what admins may ask, and what they see.

mod actor;

use domain::audit::AuditPosition;
use domain::id::EventId;
use jiff::Timestamp;
use platform::events::{Actor, Aggregate, EventType};
use platform::http::{Limit, Moment, Problem};
use platform::stores::{AuditEntry, AuditFilter, Version};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use actor::AskedActor;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    #[serde(default)]
    pub limit: Limit,
    pub cursor: Option<AuditPosition>,
    actor: Option<AskedActor>,
    kind: Option<EventType>,
    /// What happened at this time or later; not in the future.
    from: Option<Moment>,
    /// What happened at this time or earlier.
    to: Option<Moment>,
}

/// An event, without its data.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "AuditEntry")]
pub struct AuditEntryView {
    id: EventId,
    kind: EventType,
    actor: Actor,
    aggregate: Aggregate,
    /// The version of the aggregate that the event led to.
    sequence: Version,
    occurred_at: Timestamp,
}

impl Parameters {
    pub fn filter(&self, now: Timestamp) -> Result<AuditFilter, Problem> {
        let (from, to) = (self.from.map(Timestamp::from), self.to.map(Timestamp::from));
        if from.is_some_and(|from| from > now) {
            return Err(Problem::invalid("/from", "must not be in the future"));
        }
        if let (Some(from), Some(to)) = (from, to)
            && from > to
        {
            return Err(Problem::invalid("/from", "must not be after to"));
        }
        Ok(AuditFilter { actor: self.actor.map(Actor::from), kind: self.kind, from, to })
    }
}

impl From<AuditEntry> for AuditEntryView {
    fn from(entry: AuditEntry) -> Self {
        let AuditEntry { id, kind, actor, aggregate, sequence, occurred_at } = entry;
        Self { id, kind, actor, aggregate, sequence, occurred_at }
    }
}
