//! The audit log: who did what, and when.

mod actor;
mod store;

use domain::audit::AuditPosition;
use domain::event::{Aggregate, EventType, Tagged, TypeName};
use domain::id::EventId;
use domain::{Actor, Version};
use jiff::Timestamp;
use platform::events::Failure;
use platform::http::{Call, Limit, NoBody, Problem, Rfc3339, period};
use platform::table::{LoggedEvent, Page, Scope};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use actor::AskedActor;
use store::{AuditEntry, AuditFilter};

/// The types of events that are recorded: all but `usage.closed`, which nobody has done. Its row would be usage of the
/// tenant, and so of a day that has to be closed in turn, for ever.
pub const RECORDED: &[EventType] = &without_closings();

const fn without_closings() -> [EventType; EventType::ALL.len() - 1] {
    let mut recorded = [EventType::ALL[0]; EventType::ALL.len() - 1];
    let (mut from, mut to) = (0, 0);
    while from < EventType::ALL.len() {
        if !matches!(EventType::ALL[from], EventType::UsageClosed) {
            recorded[to] = EventType::ALL[from];
            to += 1;
        }
        from += 1;
    }
    recorded
}

/// Adds the event to the audit log, once however often it is delivered.
pub async fn record(scope: &Scope, event: &LoggedEvent) -> Result<(), Failure> {
    Ok(store::record(scope, event).await?)
}

/// Lists the events that match the parameters, newest first.
pub async fn list(call: &Call<Parameters, NoBody>) -> Result<Page<AuditEntryView, AuditPosition>, Problem> {
    list_in(&call.store, &call.parameters, call.now()).await
}

/// Lists the same of the scope's tenant, for operators too.
pub async fn list_in(
    scope: &Scope,
    asked: &Parameters,
    now: Timestamp,
) -> Result<Page<AuditEntryView, AuditPosition>, Problem> {
    let page = store::list(scope, asked.filter(now)?, asked.limit.get(), asked.cursor).await?;
    Ok(page.map(AuditEntryView::from))
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    #[serde(default)]
    pub limit: Limit,
    pub cursor: Option<AuditPosition>,
    pub actor: Option<AskedActor>,
    pub kind: Option<EventType>,
    /// Only events at this time or later. Must not be in the future.
    pub from: Option<Rfc3339>,
    /// Only events at this time or earlier.
    pub to: Option<Rfc3339>,
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
        let (from, to) = period(self.from, self.to, now)?;
        Ok(AuditFilter { actor: self.actor, kind: self.kind, from, to })
    }
}

impl From<AuditEntry> for AuditEntryView {
    fn from(entry: AuditEntry) -> Self {
        let AuditEntry { id, kind, actor, aggregate, sequence, occurred_at } = entry;
        Self { id, kind, actor, aggregate, sequence, occurred_at }
    }
}
