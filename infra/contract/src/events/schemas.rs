//! The schemas of events, each complete in itself.

use serde_json::Value;

use crate::catalogue::{PublishedEvent, PublishedLanguage};
use crate::references::{SCHEMAS, reachable, redirected, resolved};

const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";
const DEFINITIONS: &str = "#/$defs/";
pub(crate) const ENVELOPE_FILE: &str = "envelope.json";

pub(crate) fn file_name(event: &PublishedEvent) -> String {
    format!("{}.v{}.json", event.r#type, event.version)
}

/// The schema of an event's data.
pub(crate) fn data(event: &PublishedEvent, language: &PublishedLanguage) -> Value {
    let title = format!("{}, version {}", event.r#type, event.version);
    let mut schema = self_contained(&event.data, language, &title);
    schema["description"] = event.about.as_str().into();
    schema
}

/// The schema of an event's `detail`, whatever its type is.
pub(crate) fn envelope(language: &PublishedLanguage) -> Value {
    self_contained(&language.envelope, language, "The envelope of an event")
}

/// A member may be added to an object without a new version, so published objects are not closed.
pub(super) fn opened(schema: Value) -> Value {
    match schema {
        Value::Object(members) => members
            .into_iter()
            .filter(|(keyword, value)| !(keyword == "additionalProperties" && *value == Value::Bool(false)))
            .map(|(keyword, value)| (keyword, opened(value)))
            .collect(),
        Value::Array(items) => items.into_iter().map(opened).collect(),
        other => other,
    }
}

fn self_contained(schema: &Value, language: &PublishedLanguage, title: &str) -> Value {
    let mut whole = resolved(schema, &language.definitions);
    let definitions = reachable([&whole], &language.definitions);
    if !definitions.is_empty() {
        whole["$defs"] = definitions.into();
    }
    whole["$schema"] = DIALECT.into();
    whole["title"] = title.into();
    redirected(opened(whole), &|reference| match reference.strip_prefix(SCHEMAS) {
        Some(name) => format!("{DEFINITIONS}{name}"),
        None => reference.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures;
    use crate::references::references;

    #[test]
    fn a_schema_is_complete_in_itself() {
        let language = fixtures::language();
        let schemas = language.events.iter().map(|event| data(event, &language));
        for schema in schemas.chain([envelope(&language)]) {
            for reference in references(&schema) {
                let pointer = reference.strip_prefix('#').unwrap();
                assert!(schema.pointer(pointer).is_some(), "{reference} of {schema}");
            }
        }
    }

    #[test]
    fn a_schema_holds_the_definitions_that_it_uses() {
        let language = fixtures::language();
        let schema = data(&language.events[0], &language);
        let definitions: Vec<_> = schema["$defs"].as_object().unwrap().keys().collect();
        assert_eq!(definitions, ["Money", "OrderId", "UserId"]);
        assert_eq!(schema["title"], "order.placed, version 2");
        assert_eq!(schema["description"], "A customer placed an order.");
        assert_eq!(schema["properties"]["customer"]["$ref"], "#/$defs/UserId");
        assert_eq!(file_name(&language.events[0]), "order.placed.v2.json");
    }

    #[test]
    fn published_objects_are_open() {
        let language = fixtures::language();
        assert_eq!(language.definitions["Money"]["additionalProperties"], false);
        let schema = data(&language.events[0], &language);
        assert_eq!(schema["$defs"]["Money"].get("additionalProperties"), None);
    }
}
