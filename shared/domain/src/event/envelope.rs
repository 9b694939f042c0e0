//! The envelopes of events, as they are stored and as they are published.
//!
//! They are read in two stages. The first takes types, aggregates and actors as texts, so that events of a newer
//! version can be passed on; the second reads them, and tells what is unknown from what is broken.

use std::cmp::Ordering;
use std::num::NonZeroU32;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::form::{Data, Parts};
use super::{Aggregate, Event, Tagged, TypeName, Unreadable};
use crate::id::{EventId, TenantId};
use crate::{Actor, Version};

/// The `source` of every event of this backend on the bus.
pub const SOURCE: &str = "terrace";

/// A published event: the `detail` of an EventBridge event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Envelope {
    pub id: EventId,
    pub r#type: TypeName,
    /// The version of the form of `data`.
    pub version: NonZeroU32,
    pub tenant: TenantId,
    pub aggregate: Tagged<Aggregate>,
    /// The aggregate's version after the commit that the event belongs to.
    #[schemars(range(min = 1))]
    pub sequence: Version,
    pub occurred_at: Timestamp,
    pub actor: Tagged<Actor>,
    /// The W3C trace context of the request that caused the event.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", regex(pattern = "^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$"))]
    pub traceparent: Option<String>,
    pub data: Data,
}

/// The events of one commit as they are stored. The tenant, the aggregate and its version are in the item's keys alone.
///
/// It holds personal data, so there is no `Debug`.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StoredCommit {
    pub at: Timestamp,
    /// With what is not published of it, such as the name of an operator.
    pub actor: Tagged<Actor>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub traceparent: Option<String>,
    pub events: Vec<StoredEvent>,
}

/// An event of a [`StoredCommit`].
#[derive(Clone, Serialize, Deserialize)]
pub struct StoredEvent {
    id: EventId,
    r#type: TypeName,
    version: NonZeroU32,
    /// What is published. Before there was an own part, it was the whole.
    data: Data,
    /// The members of the whole that are not published, or not published whole.
    #[serde(default, skip_serializing_if = "Data::is_empty")]
    own: Data,
}

impl StoredEvent {
    /// The caller generates `id`, since this crate has no randomness.
    pub fn new(id: EventId, event: &Event) -> Result<Self, serde_json::Error> {
        let Parts { published, own } = event.parts()?;
        let event_type = event.event_type();
        Ok(Self { id, r#type: event_type.into(), version: event_type.version(), data: published, own })
    }

    pub fn id(&self) -> EventId {
        self.id
    }

    pub fn type_name(&self) -> &TypeName {
        &self.r#type
    }

    /// The whole data, as it was written.
    pub fn whole(&self) -> Data {
        Parts { published: self.data.clone(), own: self.own.clone() }.whole()
    }

    pub fn event(self) -> Result<Event, Unreadable> {
        let whole = Parts { published: self.data, own: self.own }.whole();
        Event::read(&self.r#type, self.version, whole)
    }

    /// The version and the data to publish.
    ///
    /// An older form may hold what is not published any more, so it is converted to the current one. Anything
    /// else is passed on as it was written: a newer version may have added members.
    fn published(self) -> Result<(NonZeroU32, Data), Unreadable> {
        let Ok(event_type) = self.r#type.read() else { return Ok((self.version, self.data)) };
        match self.version.cmp(&event_type.version()) {
            Ordering::Greater => Ok((self.version, self.data)),
            Ordering::Equal => event_type.check_published(&self.data).map(|()| (self.version, self.data)),
            Ordering::Less => {
                let parts = self.event()?.parts();
                let parts = parts.map_err(|_| {
                    Unreadable::Broken(format!("{} has no published form", event_type.as_str()))
                })?;
                Ok((event_type.version(), parts.published))
            }
        }
    }
}

impl StoredCommit {
    /// The events as they are published. The arguments come from the item's keys. Fails if one is broken.
    pub fn envelopes(
        self,
        tenant: TenantId,
        aggregate: &Tagged<Aggregate>,
        sequence: Version,
    ) -> Result<Vec<Envelope>, Unreadable> {
        let Self { at, actor, traceparent, events } = self;
        let actor = actor.published();
        let envelope = |event: StoredEvent| {
            let (id, r#type) = (event.id, event.r#type.clone());
            let (version, data) = event.published()?;
            Ok(Envelope {
                id,
                r#type,
                version,
                tenant,
                aggregate: aggregate.clone(),
                sequence,
                occurred_at: at,
                actor: actor.clone(),
                traceparent: traceparent.clone(),
                data,
            })
        };
        events.into_iter().map(envelope).collect()
    }
}
