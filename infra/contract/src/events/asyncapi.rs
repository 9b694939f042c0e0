//! The AsyncAPI 3.0 document: the event bus, what the relay sends there, and what each consumer receives.

use serde_json::{Map, Value, json};

use super::schemas::opened;
use crate::Contract;
use crate::catalogue::{Catalogue, PublishedEvent, PublishedLanguage};
use crate::consumer::Consumer;
use crate::references::{SCHEMAS, reachable, resolved};

const CHANNEL: &str = "#/channels/events";
const ENVELOPE: &str = "Envelope";

pub fn document(contract: &Contract) -> Value {
    let catalogue = &contract.catalogue;
    let events = &catalogue.description.events;
    json!({
        "asyncapi": "3.0.0",
        "info": {
            "title": "Terrace", "version": env!("CARGO_PKG_VERSION"), "description": about(&catalogue.description),
            "license": { "name": "MIT OR Apache-2.0" },
        },
        "defaultContentType": "application/json",
        "channels": {
            "events": {
                "address": catalogue.bus.name,
                "title": "The event bus",
                "description": "An EventBridge bus. Its name is the stack's name.",
                "messages": by_type(events, |event| json!({
                    "$ref": format!("#/components/messages/{}", event.r#type),
                })),
            },
        },
        "operations": operations(contract),
        "components": {
            "messages": by_type(events, message),
            "schemas": schemas(catalogue),
        },
    })
}

fn about(language: &PublishedLanguage) -> String {
    format!(
        "What Terrace publishes on its event bus, at least once and in no particular order. An event's `source` is \
         `{}`, its `detail-type` is the type, and its `detail` is the payload; a rule chooses events by source and \
         detail-type. Within a version, members may be added to an object; whatever else would break a consumer has a \
         new version. A type is published in its newest version alone.",
        language.source
    )
}

fn by_type(events: &[PublishedEvent], value: impl Fn(&PublishedEvent) -> Value) -> Map<String, Value> {
    events.iter().map(|event| (event.r#type.clone(), value(event))).collect()
}

fn operations(contract: &Contract) -> Map<String, Value> {
    let catalogue = &contract.catalogue;
    let relay = json!({
        "action": "send",
        "summary": catalogue.summary,
        "channel": { "$ref": CHANNEL },
        "messages": catalogue.description.types().map(message_reference).collect::<Value>(),
    });
    let consumers = contract.consumers.iter().map(|consumer| (consumer.binary.clone(), receiving(consumer)));
    [(catalogue.binary.clone(), relay)].into_iter().chain(consumers).collect()
}

fn receiving(consumer: &Consumer) -> Value {
    let description = &consumer.description;
    json!({
        "action": "receive",
        "summary": consumer.summary,
        "tags": [{ "name": consumer.context }],
        "channel": { "$ref": CHANNEL },
        "messages": description.events.iter().map(|event| message_reference(event)).collect::<Value>(),
        "x-kind": description.kind.to_string(),
    })
}

fn message_reference(event_type: &str) -> Value {
    json!({ "$ref": format!("{CHANNEL}/messages/{event_type}") })
}

fn message(event: &PublishedEvent) -> Value {
    json!({
        "name": event.r#type,
        "title": format!("{}, version {}", event.r#type, event.version),
        "summary": event.about,
        "contentType": "application/json",
        "payload": {
            "allOf": [{ "$ref": format!("{SCHEMAS}{ENVELOPE}") }],
            "properties": {
                "type": { "const": event.r#type },
                "version": { "const": event.version },
                "data": opened(event.data.clone()),
            },
        },
    })
}

fn schemas(catalogue: &Catalogue) -> Map<String, Value> {
    let language = &catalogue.description;
    let envelope = opened(resolved(&language.envelope, &language.definitions));
    let data = language.events.iter().map(|event| &event.data);
    let mut schemas = reachable(data.chain([&envelope]), &language.definitions);
    for schema in schemas.values_mut() {
        *schema = opened(schema.take());
    }
    schemas.insert(ENVELOPE.to_owned(), envelope);
    schemas
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures;
    use crate::references::references;

    fn resolve<'a>(document: &'a Value, reference: &Value) -> &'a Value {
        let pointer = reference.as_str().and_then(|reference| reference.strip_prefix('#')).unwrap();
        document.pointer(pointer).unwrap_or_else(|| panic!("{reference} is not in the document"))
    }

    #[test]
    fn every_reference_resolves() {
        let document = document(&fixtures::contract());
        let references = references(&document);
        assert!(references.len() > 20, "{references:?}");
        for reference in references {
            resolve(&document, &json!(reference));
        }
    }

    #[test]
    fn the_messages_of_every_operation_are_those_of_its_channel() {
        let document = document(&fixtures::contract());
        for (name, operation) in document["operations"].as_object().unwrap() {
            let channel = resolve(&document, &operation["channel"]["$ref"]);
            let messages = operation["messages"].as_array().unwrap();
            assert!(!messages.is_empty(), "{name}");
            for message in messages {
                let entry = resolve(&document, &message["$ref"]);
                let held = channel["messages"].as_object().unwrap().values().any(|other| other == entry);
                assert!(held, "{message} of {name}");
                let message = resolve(&document, &entry["$ref"]);
                assert_eq!(message["contentType"], "application/json");
                assert_eq!(message["payload"]["properties"]["type"]["const"], message["name"]);
            }
        }
    }

    #[test]
    fn the_relay_sends_all_events_and_a_consumer_receives_its_own() {
        let document = document(&fixtures::contract());
        let (relay, notify) = (&document["operations"]["relay_events"], &document["operations"]["notify"]);
        assert_eq!((&relay["action"], relay["messages"].as_array().unwrap().len()), (&json!("send"), 3));
        assert_eq!(notify["action"], "receive");
        assert_eq!(
            notify["messages"],
            json!([
                { "$ref": "#/channels/events/messages/order.placed" },
                { "$ref": "#/channels/events/messages/user.registered" },
            ])
        );
        assert_eq!(document["channels"]["events"]["address"], "terrace");
    }
}
