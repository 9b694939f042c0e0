//! The parameters of an operation, in the path, in the query and in headers.

use serde_json::{Map, Value, json};

use crate::example::example;
use crate::operation::Operation;

pub(super) fn parameters(operation: &Operation) -> Value {
    let description = &operation.description;
    let properties = description.parameters["properties"].as_object().into_iter().flatten();
    let required = description.parameters["required"].as_array().cloned().unwrap_or_default();
    let typed = properties.map(|(name, schema)| {
        let in_path = description.path.contains(&format!("{{{name}}}"));
        let is_required = in_path || required.iter().any(|other| other == name);
        let mut schema = without_null(schema.clone());
        let about = schema.as_object_mut().and_then(|schema| schema.remove("description"));
        let mut parameter = parameter(name, if in_path { "path" } else { "query" }, is_required, schema);
        if let Some(about) = about {
            parameter["description"] = about;
        }
        parameter
    });
    typed.chain(headers(operation)).collect()
}

fn headers(operation: &Operation) -> Vec<Value> {
    let header = |name: &str, required: bool, schema: Value, about: &str| {
        let mut parameter = parameter(name, "header", required, schema);
        parameter["description"] = about.into();
        parameter
    };
    let mut headers = Vec::new();
    if operation.is_of_tenants() {
        let schema = json!({
            "type": "string", "pattern": "^ten_[0-9a-f]{32}$",
            "examples": ["ten_0199c0de5a7f7cc0b5a58d0a3b8a1c2d"],
        });
        headers.push(header("x-tenant-id", false, schema, "The token's tenant; another one is refused."));
    }
    if operation.description.is_conditional {
        let schema = json!({ "type": "string", "pattern": "^(\\*|\"[0-9]+(\\.[0-9a-f]+)?\")$", "examples": ["\"1\""] });
        headers.push(header("If-Match", true, schema, "The ETag of the version to change."));
    }
    if operation.is_get() {
        let schema = json!({ "type": "string", "examples": ["\"1\""] });
        headers.push(header("If-None-Match", false, schema, "The ETag of the answer that the client has."));
    }
    if operation.takes_keys() {
        let schema = json!({
            "type": "string", "minLength": 1, "maxLength": 64, "pattern": "^[!-+\\--~]*$",
            "examples": ["order-2026-03-04-1"],
        });
        headers.push(header(
            "Idempotency-Key",
            false,
            schema,
            "Chosen by the client, once for each request.",
        ));
    }
    headers
}

fn parameter(name: &str, place: &str, required: bool, schema: Value) -> Value {
    let example = example(&schema, &Map::new());
    json!({ "name": name, "in": place, "required": required, "schema": schema, "example": example })
}

/// An optional parameter is omitted and cannot be sent as null.
fn without_null(mut schema: Value) -> Value {
    if let Some(kinds) = schema.get_mut("type").and_then(Value::as_array_mut) {
        kinds.retain(|kind| kind != "null");
        if let [only] = kinds.as_slice() {
            schema["type"] = only.clone();
        }
    }
    if let Some(names) = schema.get_mut("enum").and_then(Value::as_array_mut) {
        names.retain(|name| !name.is_null());
    }
    let choices = schema.get_mut("anyOf").and_then(Value::as_array_mut);
    let only = choices.and_then(|choices| {
        choices.retain(|choice| choice["type"] != "null");
        (choices.len() == 1).then(|| choices.remove(0))
    });
    if let (Some(mut only), Some(about)) = (only.clone(), schema.get("description")) {
        only["description"] = about.clone();
        return only;
    }
    only.unwrap_or(schema)
}
