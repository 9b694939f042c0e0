//! Composes the example of a schema from the examples of its parts.

use serde_json::{Map, Value, json};

use crate::references::definition;

/// `definitions` holds the schemas that a `$ref` can name.
pub(crate) fn example(schema: &Value, definitions: &Map<String, Value>) -> Value {
    if let Some(given) = given(schema) {
        return given.clone();
    }
    if let Some(definition) = definition(schema, definitions) {
        return example(definition, definitions);
    }
    let parts =
        ["allOf", "oneOf", "anyOf"].into_iter().filter_map(|kind| Some((kind, schema[kind].as_array()?)));
    let parts: Vec<Value> = parts
        .flat_map(|(kind, all)| all.iter().take(if kind == "allOf" { all.len() } else { 1 }))
        .map(|part| example(part, definitions))
        .collect();
    let properties = schema["properties"].as_object().into_iter().flatten();
    let own = properties.map(|(name, property)| (name.clone(), example(property, definitions)));
    match kind(schema) {
        _ if !parts.is_empty() && parts.iter().any(|part| !part.is_object()) => parts[0].clone(),
        "object" => {
            let parts = parts.iter().filter_map(Value::as_object).flatten();
            Value::Object(parts.map(|(name, part)| (name.clone(), part.clone())).chain(own).collect())
        }
        "array" => {
            let least = schema["minItems"].as_u64().unwrap_or(1).max(1);
            (0..least).map(|_| example(&schema["items"], definitions)).collect()
        }
        "integer" | "number" => json!(schema["minimum"].as_u64().unwrap_or(0).max(1)),
        "boolean" => json!(true),
        "string" if schema["format"] == "date-time" => json!("2026-03-04T05:06:07.089Z"),
        "string" => json!("text"),
        _ if !parts.is_empty() => parts[0].clone(),
        _ => json!({}),
    }
}

fn given(schema: &Value) -> Option<&Value> {
    schema["examples"]
        .get(0)
        .or_else(|| schema.get("example"))
        .or_else(|| schema.get("const"))
        .or_else(|| schema["enum"].get(0))
        .or_else(|| schema.get("default").filter(|default| !default.is_null()))
}

fn kind(schema: &Value) -> &str {
    match &schema["type"] {
        Value::String(kind) => kind,
        Value::Array(kinds) => {
            kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null").unwrap_or_default()
        }
        _ if schema.get("properties").is_some() => "object",
        _ => "",
    }
}
