//! References of schemas to schemas that are shared by their names.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

/// The prefix of a `$ref` to a named schema.
pub(crate) const SCHEMAS: &str = "#/components/schemas/";

/// The schema that this one refers to.
pub(crate) fn definition<'a>(schema: &Value, definitions: &'a Map<String, Value>) -> Option<&'a Value> {
    definitions.get(schema["$ref"].as_str()?.rsplit('/').next()?)
}

/// A schema that refers to a named one, with what it adds, in the place of the name.
pub(crate) fn resolved(schema: &Value, definitions: &Map<String, Value>) -> Value {
    match definition(schema, definitions) {
        Some(Value::Object(target)) => {
            let added = schema.as_object().into_iter().flatten().filter(|(keyword, _)| *keyword != "$ref");
            let added = added.map(|(keyword, value)| (keyword.clone(), value.clone()));
            target.clone().into_iter().chain(added).collect()
        }
        Some(other) => other.clone(),
        None => schema.clone(),
    }
}

/// All references in the schema.
pub(crate) fn references(schema: &Value) -> Vec<&str> {
    match schema {
        Value::Object(members) => {
            let own = members.get("$ref").and_then(Value::as_str);
            own.into_iter().chain(members.values().flat_map(references)).collect()
        }
        Value::Array(items) => items.iter().flat_map(references).collect(),
        _ => Vec::new(),
    }
}

/// The named schemas that the schemas refer to, directly or through others.
pub(crate) fn reachable<'a>(
    schemas: impl IntoIterator<Item = &'a Value>,
    definitions: &'a Map<String, Value>,
) -> Map<String, Value> {
    let mut found = BTreeSet::new();
    let mut open: Vec<&Value> = schemas.into_iter().collect();
    while let Some(schema) = open.pop() {
        let names = references(schema).into_iter().filter_map(|reference| reference.strip_prefix(SCHEMAS));
        open.extend(names.filter(|name| found.insert(*name)).filter_map(|name| definitions.get(name)));
    }
    let held = definitions.iter().filter(|(name, _)| found.contains(name.as_str()));
    held.map(|(name, schema)| (name.clone(), schema.clone())).collect()
}

/// The schema with each reference changed.
pub(crate) fn redirected(schema: Value, redirect: &impl Fn(&str) -> String) -> Value {
    match schema {
        Value::Object(members) => members
            .into_iter()
            .map(|(keyword, value)| match value {
                Value::String(reference) if keyword == "$ref" => (keyword, redirect(&reference).into()),
                value => (keyword, redirected(value, redirect)),
            })
            .collect(),
        Value::Array(items) => items.into_iter().map(|item| redirected(item, redirect)).collect(),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn definitions() -> Map<String, Value> {
        let definitions = json!({
            "Order": { "properties": { "total": { "$ref": "#/components/schemas/Money" } } },
            "Money": { "properties": { "currency": { "$ref": "#/components/schemas/Currency" } } },
            "Currency": { "type": "string", "description": "A currency" },
            "User": { "type": "object" },
        });
        definitions.as_object().unwrap().clone()
    }

    #[test]
    fn a_resolved_schema_keeps_what_it_adds() {
        let schema = json!({ "$ref": "#/components/schemas/Currency", "description": "Of the total" });
        let expected = json!({ "type": "string", "description": "Of the total" });
        assert_eq!(resolved(&schema, &definitions()), expected);
        assert_eq!(resolved(&json!({ "type": "null" }), &definitions()), json!({ "type": "null" }));
    }

    #[test]
    fn references_are_followed_through_definitions() {
        let schema = json!({ "items": { "$ref": "#/components/schemas/Order" } });
        let definitions = definitions();
        let reachable = reachable([&schema], &definitions);
        assert_eq!(reachable.keys().collect::<Vec<_>>(), ["Currency", "Money", "Order"]);
    }

    #[test]
    fn references_are_changed_and_nothing_else() {
        let schema = json!({ "items": [{ "$ref": "a" }], "title": "a" });
        let changed = redirected(schema, &|reference| format!("#/$defs/{reference}"));
        assert_eq!(changed, json!({ "items": [{ "$ref": "#/$defs/a" }], "title": "a" }));
    }
}
