//! The catalogue: the events that the relay publishes, as its binary describes them.

use cloud::model::{EventBus, Function, Stack};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::describe::{self, Binaries, Printed};
use crate::{ContractError, checks, template};

#[derive(Debug, Clone)]
pub struct Catalogue {
    pub binary: String,
    /// The relay's `Description` in the template.
    pub summary: String,
    /// The bus that it publishes to.
    pub bus: EventBus,
    pub description: PublishedLanguage,
}

/// What the relay prints when it is started with the argument `describe`.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PublishedLanguage {
    /// The `source` of every event on the bus.
    pub source: String,
    /// The schema of an event's `detail`.
    pub envelope: Value,
    pub events: Vec<PublishedEvent>,
    /// The schemas that a `$ref` can name.
    pub definitions: Map<String, Value>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PublishedEvent {
    pub r#type: String,
    /// The version of the schema of `data`.
    pub version: u32,
    /// What has happened, in one sentence.
    pub about: String,
    pub data: Value,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CatalogueError {
    #[error("no function of the template reads a stream; add the relay, which publishes events")]
    NoRelay,
    #[error("{0} and {1} both read streams; one function can be the relay")]
    TwoRelays(String, String),
    #[error("{function}: EVENT_BUS is no event bus of the template; set it to a !Ref of the bus")]
    NoBus { function: String },
    #[error("the catalogue has {event} twice; keep its current version alone")]
    Twice { event: String },
    #[error(
        "{subject} refers to {reference}, which the relay does not define; print it with the definitions"
    )]
    Undefined { subject: String, reference: String },
    #[error(
        "{subject}: {path} is free text or personal; keep it in the event's own form, or say by an enum, a format or \
         a closed pattern what it may hold"
    )]
    FreeText { subject: String, path: String },
}

impl Printed for PublishedLanguage {
    const HOW: &str = "relay";
}

impl PublishedLanguage {
    pub fn types(&self) -> impl Iterator<Item = &str> {
        self.events.iter().map(|event| event.r#type.as_str())
    }

    pub fn has(&self, event_type: &str) -> bool {
        self.types().any(|known| known == event_type)
    }
}

pub(crate) fn catalogue(stack: &Stack, binaries: Binaries<'_>) -> Result<Catalogue, ContractError> {
    let relay = relay(stack)?;
    let catalogue = Catalogue {
        binary: relay.binary.clone(),
        summary: describe::summary(relay)?,
        bus: bus(stack, relay)?.clone(),
        description: binaries.describe(relay)?,
    };
    checks::catalogue(&catalogue.description)?;
    checks::rules(stack, &catalogue)?;
    Ok(catalogue)
}

/// The relay is the function that reads the streams of commits.
fn relay(stack: &Stack) -> Result<&Function, CatalogueError> {
    let mut readers = stack.stream_sources.iter().map(|source| &source.function);
    let first = readers.next().ok_or(CatalogueError::NoRelay)?;
    if let Some(other) = readers.find(|other| *other != first) {
        return Err(CatalogueError::TwoRelays(first.clone(), other.clone()));
    }
    template::function(stack, first).ok_or(CatalogueError::NoRelay)
}

fn bus<'a>(stack: &'a Stack, relay: &Function) -> Result<&'a EventBus, CatalogueError> {
    let named = relay.environment.get("EVENT_BUS");
    let bus = stack.buses.iter().find(|bus| Some(&bus.name) == named || Some(&bus.arn) == named);
    bus.ok_or_else(|| CatalogueError::NoBus { function: relay.logical_id.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures;

    #[test]
    fn the_relay_reads_the_stream_and_names_its_bus() {
        let stack = fixtures::stack();
        let relay = relay(&stack).unwrap();
        assert_eq!(relay.logical_id, "RelayFunction");
        assert_eq!(bus(&stack, relay).unwrap().name, "terrace");
    }

    #[test]
    fn there_is_one_relay() {
        let mut stack = fixtures::stack();
        let mut other = stack.stream_sources[0].clone();
        other.function = "NotifyFunction".to_owned();
        stack.stream_sources.push(other);
        let refused = relay(&stack).unwrap_err().to_string();
        assert_eq!(
            refused,
            "RelayFunction and NotifyFunction both read streams; one function can be the relay"
        );
        stack.stream_sources.clear();
        assert_eq!(relay(&stack).unwrap_err(), CatalogueError::NoRelay);
    }

    #[test]
    fn the_relay_publishes_to_a_bus_of_the_template() {
        let stack = fixtures::stack();
        let mut relay = relay(&stack).unwrap().clone();
        relay.environment.remove("EVENT_BUS");
        let refused = bus(&stack, &relay).unwrap_err().to_string();
        assert!(refused.starts_with("RelayFunction: EVENT_BUS is no event bus"), "{refused}");
    }
}
