//! What has happened to an aggregate, as clients see it.

use domain::event::{EventType, TypeName};
use domain::id::EventId;
use domain::{Actor, Version};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::table::{LoggedCommit, Page};

/// An event in the history of what it is about.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Event")]
pub struct EventView {
    id: EventId,
    #[schemars(with = "EventType")]
    r#type: TypeName,
    /// The version of what it is about after the event.
    version: Version,
    at: Timestamp,
    actor: Actor,
    /// The data of the event, whose members depend on its type.
    data: Map<String, Value>,
}

impl EventView {
    /// The events of a page of commits.
    pub fn page(page: Page<LoggedCommit, Version>) -> Page<Self, Version> {
        Page { items: page.items.iter().flat_map(Self::all).collect(), next_cursor: page.next_cursor }
    }

    fn all(commit: &LoggedCommit) -> impl Iterator<Item = Self> {
        let (version, stamp) = (commit.version, &commit.stamp);
        commit.stored_events().iter().map(move |event| Self {
            id: event.id(),
            r#type: event.type_name().clone(),
            version,
            at: stamp.at,
            actor: stamp.by.clone(),
            data: event.whole(),
        })
    }
}
