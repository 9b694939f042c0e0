//! The envelopes of events, as they are stored and as they are published.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Aggregate, Event, EventType};
use crate::id::{EventId, TenantId};
use crate::{Actor, Version};

/// The `source` of every event of this backend on the bus.
pub const SOURCE: &str = "terrace";

/// A published event: the `detail` of an EventBridge event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Envelope {
    pub id: EventId,
    pub r#type: EventType,
    /// The version of the form of `data`.
    pub version: u32,
    pub tenant: TenantId,
    pub aggregate: Aggregate,
    /// The aggregate's version after the commit that the event belongs to.
    pub sequence: Version,
    pub occurred_at: Timestamp,
    pub actor: Actor,
    /// The W3C trace context of the request that caused the event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub traceparent: Option<String>,
    pub data: serde_json::Value,
}

/// The events of one commit as they are stored. The tenant, the aggregate and its version are in the item's keys alone.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StoredCommit {
    pub at: Timestamp,
    pub actor: Actor,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub traceparent: Option<String>,
    pub events: Vec<StoredEvent>,
}

/// An event of a [`StoredCommit`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StoredEvent {
    id: EventId,
    r#type: EventType,
    version: u32,
    data: serde_json::Value,
}

impl StoredEvent {
    /// The caller generates `id`, since this crate has no randomness.
    pub fn new(id: EventId, event: &Event) -> Result<Self, serde_json::Error> {
        Ok(Self { id, r#type: event.event_type(), version: event.version(), data: event.data()? })
    }

    /// Reads the event; [`Event::from_data`] says when it fails.
    pub fn event(self) -> Result<Event, serde_json::Error> {
        Event::from_data(self.r#type, self.version, self.data)
    }
}

impl StoredCommit {
    /// The events as they are published. The arguments come from the item's keys.
    pub fn envelopes(self, tenant: TenantId, aggregate: Aggregate, sequence: Version) -> Vec<Envelope> {
        let Self { at, actor, traceparent, events } = self;
        events
            .into_iter()
            .map(|event| Envelope {
                id: event.id,
                r#type: event.r#type,
                version: event.version,
                tenant,
                aggregate,
                sequence,
                occurred_at: at,
                actor,
                traceparent: traceparent.clone(),
                data: event.data,
            })
            .collect()
    }
}
