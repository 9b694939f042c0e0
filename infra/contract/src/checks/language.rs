//! The published language holds what everybody on the bus may know, and is complete.

use std::collections::BTreeSet;

use serde_json::Value;

use super::closed::open_field;
use crate::catalogue::{CatalogueError, PublishedLanguage};
use crate::references::{SCHEMAS, references, resolved};

pub(crate) fn catalogue(language: &PublishedLanguage) -> Result<(), CatalogueError> {
    let mut seen = BTreeSet::new();
    if let Some(event) = language.types().find(|event| !seen.insert(*event)) {
        return Err(CatalogueError::Twice { event: event.to_owned() });
    }
    check_references(language)?;
    for event in &language.events {
        check_closed(&event.r#type, &event.data, language)?;
    }
    check_closed("the envelope", &envelope_without_data(language), language)
}

fn check_references(language: &PublishedLanguage) -> Result<(), CatalogueError> {
    let events = language.events.iter().map(|event| (event.r#type.as_str(), &event.data));
    let definitions = language.definitions.iter().map(|(name, schema)| (name.as_str(), schema));
    for (subject, schema) in events.chain(definitions).chain([("the envelope", &language.envelope)]) {
        for reference in references(schema) {
            let name = reference.strip_prefix(SCHEMAS);
            if !name.is_some_and(|name| language.definitions.contains_key(name)) {
                let (subject, reference) = (subject.to_owned(), reference.to_owned());
                return Err(CatalogueError::Undefined { subject, reference });
            }
        }
    }
    Ok(())
}

fn check_closed(subject: &str, schema: &Value, language: &PublishedLanguage) -> Result<(), CatalogueError> {
    match open_field(schema, &language.definitions) {
        Some(path) => Err(CatalogueError::FreeText { subject: subject.to_owned(), path }),
        None => Ok(()),
    }
}

/// The data is checked type by type.
fn envelope_without_data(language: &PublishedLanguage) -> Value {
    let mut envelope = resolved(&language.envelope, &language.definitions);
    if let Some(members) = envelope.get_mut("properties").and_then(Value::as_object_mut) {
        members.remove("data");
    }
    envelope
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::fixtures;

    fn refusal(change: impl FnOnce(&mut PublishedLanguage)) -> String {
        let mut language = fixtures::language();
        change(&mut language);
        catalogue(&language).unwrap_err().to_string()
    }

    #[test]
    fn a_language_of_ids_and_names_of_values_passes() {
        assert_eq!(catalogue(&fixtures::language()), Ok(()));
    }

    #[test]
    fn a_type_has_one_form() {
        let refused = refusal(|language| language.events.push(language.events[0].clone()));
        assert_eq!(refused, "the catalogue has order.placed twice; keep its current version alone");
    }

    #[test]
    fn every_reference_is_defined() {
        let refused = refusal(|language| drop(language.definitions.remove("Money")));
        let expected = "OrderPlaced refers to #/components/schemas/Money, which the relay does not define; print it \
                        with the definitions";
        assert_eq!(refused, expected);
    }

    #[test]
    fn personal_data_stays_in_the_event_s_own_form() {
        let email = json!({ "type": "string", "pattern": "^[A-Za-z0-9]+@[A-Za-z0-9]+$", "maxLength": 254 });
        let refused = refusal(|language| language.events[2].data["properties"]["email"] = email);
        assert!(
            refused.starts_with(
                "user.registered: /email is free text or personal; keep it in the event's own form"
            ),
            "{refused}"
        );
    }

    #[test]
    fn the_envelope_holds_no_free_text() {
        let refused = refusal(|language| {
            language.definitions["Envelope"]["properties"]["traceparent"] =
                json!({ "type": ["string", "null"] });
        });
        assert!(refused.starts_with("the envelope: /traceparent is free text or personal; "), "{refused}");
    }
}
