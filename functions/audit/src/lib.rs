//! The audit log: who did what, and when.

mod actor;
mod store;

use domain::audit::AuditPosition;
use domain::event::{Aggregate, EventType, Tagged, TypeName};
use domain::id::EventId;
use domain::{Actor, Version};
use jiff::Timestamp;
use platform::events::Failure;
use platform::http::{Call, Limit, NoBody, Problem, Rfc3339};
use platform::table::{LoggedEvent, Page, Scope};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use actor::AskedActor;
use store::{AuditEntry, AuditFilter};

/// Adds the event to the audit log, once however often it is delivered.
pub async fn record(scope: &Scope, event: &LoggedEvent) -> Result<(), Failure> {
    Ok(store::record(scope, event).await?)
}

/// Lists the events that match the parameters, newest first.
pub async fn list(call: &Call<Parameters, NoBody>) -> Result<Page<AuditEntryView, AuditPosition>, Problem> {
    let filter = call.parameters.filter(call.now())?;
    let Parameters { limit, cursor, .. } = call.parameters;
    let page = store::list(&call.store, filter, limit.get(), cursor).await?;
    Ok(page.map(AuditEntryView::from))
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    #[serde(default)]
    limit: Limit,
    cursor: Option<AuditPosition>,
    actor: Option<AskedActor>,
    kind: Option<EventType>,
    /// Only events at this time or later. Must not be in the future.
    from: Option<Rfc3339>,
    /// Only events at this time or earlier.
    to: Option<Rfc3339>,
}

/// An event without its data.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "AuditEntry")]
pub struct AuditEntryView {
    id: EventId,
    #[schemars(with = "EventType")]
    kind: TypeName,
    #[schemars(with = "Actor")]
    actor: Tagged<Actor>,
    #[schemars(with = "Aggregate")]
    aggregate: Tagged<Aggregate>,
    /// The version of the aggregate after the event.
    sequence: Version,
    occurred_at: Timestamp,
}

impl Parameters {
    fn filter(&self, now: Timestamp) -> Result<AuditFilter, Problem> {
        let (from, to) = (self.from.map(Timestamp::from), self.to.map(Timestamp::from));
        if from.is_some_and(|from| from > now) {
            return Err(Problem::invalid("/from", "must not be in the future"));
        }
        if let (Some(from), Some(to)) = (from, to)
            && from > to
        {
            return Err(Problem::invalid("/from", "must not be after to"));
        }
        Ok(AuditFilter { actor: self.actor, kind: self.kind, from, to })
    }
}

impl From<AuditEntry> for AuditEntryView {
    fn from(entry: AuditEntry) -> Self {
        let AuditEntry { id, kind, actor, aggregate, sequence, occurred_at } = entry;
        Self { id, kind, actor, aggregate, sequence, occurred_at }
    }
}
