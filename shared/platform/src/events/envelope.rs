use domain::id::{EventId, OrderId, ProductId, TenantId, UserId};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::events::{Event, EventType};
use crate::stores::Version;

/// The `source` of every event of this backend on the bus.
pub(crate) const SOURCE: &str = "terrace";

/// An event as it travels: the `detail` of an EventBridge event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Envelope {
    pub id: EventId,
    pub r#type: EventType,
    /// Of the form of `data`.
    pub version: u32,
    pub tenant: TenantId,
    pub aggregate: Aggregate,
    /// The aggregate's version that the event belongs to.
    pub sequence: Version,
    pub occurred_at: Timestamp,
    pub actor: Actor,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub traceparent: Option<String>,
    pub data: serde_json::Value,
}

/// What an event is about; also the partition that its commit is stored in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", content = "id", rename_all = "camelCase")]
pub enum Aggregate {
    Tenant(TenantId),
    User(UserId),
    Product(ProductId),
    Order(OrderId),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Actor {
    User { id: UserId },
    Operator,
}

impl Aggregate {
    /// The partition key's part behind the tenant.
    pub(crate) fn key(self) -> String {
        match self {
            Self::Tenant(id) => format!("tenant#{id}"),
            Self::User(id) => format!("user#{id}"),
            Self::Product(id) => format!("product#{id}"),
            Self::Order(id) => format!("order#{id}"),
        }
    }

    pub(crate) fn from_key(key: &str) -> Option<Self> {
        let (kind, id) = key.split_once('#')?;
        match kind {
            "tenant" => id.parse().ok().map(Self::Tenant),
            "user" => id.parse().ok().map(Self::User),
            "product" => id.parse().ok().map(Self::Product),
            "order" => id.parse().ok().map(Self::Order),
            _ => None,
        }
    }
}

/// The events of one commit, in the form that is stored. What the item's keys say is not said again.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StoredCommit {
    pub(crate) at: Timestamp,
    pub(crate) actor: Actor,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) traceparent: Option<String>,
    pub(crate) events: Vec<StoredEvent>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct StoredEvent {
    id: EventId,
    r#type: EventType,
    version: u32,
    data: serde_json::Value,
}

impl StoredEvent {
    pub(crate) fn new(event: &Event) -> Result<Self, serde_json::Error> {
        Ok(Self {
            id: EventId::from_uuid(Uuid::now_v7()),
            r#type: event.event_type(),
            version: event.version(),
            data: event.data()?,
        })
    }

    pub(crate) fn event(self) -> Result<Event, serde_json::Error> {
        Event::from_data(self.r#type, self.version, self.data)
    }
}

impl StoredCommit {
    pub(crate) fn envelopes(
        self,
        tenant: TenantId,
        aggregate: Aggregate,
        sequence: Version,
    ) -> Vec<Envelope> {
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
