//! A schema is closed if it says of every text what it may hold. Free text, and schemas that allow anything, are open.

use serde_json::{Map, Value};

use super::pattern;
use crate::references::definition;

/// Formats that cannot hold what a person wrote, or where a person can be reached.
const FORMATS: [&str; 5] = ["date-time", "date", "time", "duration", "uuid"];

/// A schema that allows everything, which one that is not there stands for.
static ANYTHING: Value = Value::Bool(true);

/// The path of the first open field, such as `/lines/*/name`. The names of members that are not named in the schema are
/// the field `<name>`.
pub(super) fn open_field(schema: &Value, definitions: &Map<String, Value>) -> Option<String> {
    let found = Search { definitions, entered: Vec::new() }.find(schema, "")?;
    Some(if found.is_empty() { "/".to_owned() } else { found })
}

struct Search<'a> {
    definitions: &'a Map<String, Value>,
    /// The definitions that the search is within, of which a recursive one would be entered again.
    entered: Vec<&'a str>,
}

impl<'a> Search<'a> {
    fn find(&mut self, schema: &'a Value, at: &str) -> Option<String> {
        if !bounds(schema) {
            return Some(at.to_owned());
        }
        if let Some(reference) = schema["$ref"].as_str().filter(|reference| !self.entered.contains(reference))
        {
            self.entered.push(reference);
            let found = definition(schema, self.definitions).and_then(|target| self.find(target, at));
            self.entered.pop();
            if found.is_some() {
                return found;
            }
        }
        children(schema, at).into_iter().find_map(|(child, at)| self.find(child, &at))
    }
}

/// Whether the schema itself, without its members and items, rules out free text.
fn bounds(schema: &Value) -> bool {
    let text = |keyword: &str| schema[keyword].as_str();
    let has = |keyword: &str| schema.get(keyword).is_some();
    has("const")
        || has("enum")
        || text("pattern").is_some_and(pattern::is_closed)
        || text("format").is_some_and(|format| FORMATS.contains(&format))
        || rules_out_texts(schema)
        // What these refer to is searched for itself.
        || ["$ref", "oneOf", "anyOf"].into_iter().any(has)
        || list(schema, "allOf").any(bounds)
}

fn rules_out_texts(schema: &Value) -> bool {
    match &schema["type"] {
        Value::String(kind) => kind != "string",
        Value::Array(kinds) => kinds.iter().all(|kind| kind != "string"),
        _ => schema.get("properties").is_some(),
    }
}

fn children<'a>(schema: &'a Value, at: &str) -> Vec<(&'a Value, String)> {
    let members = |keyword: &str| schema[keyword].as_object().into_iter().flatten();
    let mut found: Vec<_> = ["oneOf", "anyOf"]
        .into_iter()
        .flat_map(|keyword| list(schema, keyword))
        .map(|part| (part, at.to_owned()))
        .collect();
    // A part that bounds nothing itself, such as a list of members, is bounded by the other parts.
    found.extend(list(schema, "allOf").flat_map(|part| match bounds(part) {
        true => vec![(part, at.to_owned())],
        false => children(part, at),
    }));
    found.extend(members("properties").map(|(name, member)| (member, format!("{at}/{name}"))));
    found.extend(members_by_rule(schema, at));
    found.extend(items(schema).map(|item| (item, format!("{at}/*"))));
    found.retain(|(child, _)| **child != Value::Bool(false));
    found
}

/// Members whose names the events choose, so that the names must be closed as well.
fn members_by_rule<'a>(schema: &'a Value, at: &str) -> Vec<(&'a Value, String)> {
    let mut found = Vec::new();
    for (pattern, member) in schema["patternProperties"].as_object().into_iter().flatten() {
        if !pattern::is_closed(pattern) {
            found.push((&ANYTHING, format!("{at}/<name>")));
        }
        found.push((member, format!("{at}/*")));
    }
    if let Some(others) = schema.get("additionalProperties").filter(|others| **others != Value::Bool(false)) {
        found.push((schema.get("propertyNames").unwrap_or(&ANYTHING), format!("{at}/<name>")));
        found.push((others, format!("{at}/*")));
    }
    found
}

fn items(schema: &Value) -> impl Iterator<Item = &Value> {
    let named = list(schema, "prefixItems").count() as u64;
    let has_others = is_array(schema) && schema["maxItems"].as_u64().is_none_or(|most| most > named);
    let others = schema.get("items").or_else(|| has_others.then_some(&ANYTHING));
    list(schema, "prefixItems").chain(others)
}

fn list<'a>(schema: &'a Value, keyword: &str) -> impl Iterator<Item = &'a Value> + use<'a> {
    schema[keyword].as_array().into_iter().flatten()
}

fn is_array(schema: &Value) -> bool {
    match &schema["type"] {
        Value::Array(kinds) => kinds.iter().any(|kind| kind == "array"),
        kind => kind == "array",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn open(schema: Value) -> Option<String> {
        let definitions = json!({
            "Id": { "type": "string", "pattern": "^ord_[0-9a-f]{32}$" },
            "Name": { "type": "string", "pattern": r"^[^\s]([^\u0000-\u001f]*[^\s])?$", "maxLength": 100 },
            "Tree": { "type": "object", "properties": {
                "id": { "$ref": "#/components/schemas/Id" },
                "parts": { "type": "array", "items": { "$ref": "#/components/schemas/Tree" } },
            } },
        });
        open_field(&schema, definitions.as_object().unwrap())
    }

    #[test]
    fn bounded_texts_and_other_types_are_closed() {
        for schema in [
            json!({ "type": "string", "enum": ["free", "premium"] }),
            json!({ "const": "order" }),
            json!({ "type": "string", "format": "date-time" }),
            json!({ "type": ["string", "null"], "pattern": r"^[a-z][a-z0-9.]*(\.[a-z0-9]+)?$" }),
            json!({ "type": "string", "allOf": [{ "pattern": "^[a-z]+$" }] }),
            json!({ "type": "integer" }),
            json!({ "type": "array", "items": { "type": "boolean" } }),
            json!({ "anyOf": [{ "$ref": "#/components/schemas/Id" }, { "type": "null" }] }),
            json!({ "$ref": "#/components/schemas/Tree" }),
            json!({ "type": "object", "additionalProperties": false }),
            json!({ "additionalProperties": { "type": "integer" }, "type": "object",
                "propertyNames": { "$ref": "#/components/schemas/Id" } }),
            json!({ "patternProperties": { "^[a-z]+$": { "type": "integer" } }, "type": "object" }),
            json!({ "type": "array", "prefixItems": [{ "type": "integer" }], "items": false }),
            json!({ "type": "array", "prefixItems": [{ "type": "integer" }], "maxItems": 1 }),
        ] {
            assert_eq!(open(schema.clone()), None, "{schema}");
        }
    }

    #[test]
    fn an_open_text_is_found_by_its_path() {
        let text = json!({ "type": "string", "minLength": 1 });
        let name = json!({ "$ref": "#/components/schemas/Name" });
        for (path, schema) in [
            ("/", text.clone()),
            ("/", json!(true)),
            ("/note", json!({ "type": "object", "properties": { "note": text } })),
            ("/name", json!({ "properties": { "name": name } })),
            ("/name", json!({ "properties": { "name": { "anyOf": [name, { "type": "null" }] } } })),
            ("/name", json!({ "properties": { "name": { "allOf": [name], "minLength": 1 } } })),
            ("/name", json!({ "type": "object", "allOf": [{ "properties": { "name": name } }] })),
            (
                "/lines/*/name",
                json!({ "properties": {
                "lines": { "type": "array", "items": { "type": "object", "properties": { "name": name } } },
            } }),
            ),
            ("/rest", json!({ "properties": { "rest": {} } })),
            ("/text", json!({ "properties": { "text": { "type": "string", "pattern": "^[a-z ]+$" } } })),
            ("/mail", json!({ "properties": { "mail": { "type": "string", "format": "email" } } })),
        ] {
            assert_eq!(open(schema.clone()).as_deref(), Some(path), "{schema}");
        }
    }
    #[test]
    fn an_open_item_or_an_open_name_or_member_of_a_map_is_found() {
        let text = json!({ "type": "string" });
        let integer = json!({ "type": "integer" });
        let names = json!({ "pattern": "^[a-z]+$" });
        for (path, schema) in [
            ("/*", json!({ "type": "array" })),
            ("/*", json!({ "type": "array", "items": text })),
            ("/*", json!({ "type": "array", "prefixItems": [text], "items": false })),
            ("/*", json!({ "type": "array", "prefixItems": [integer] })),
            ("/*", json!({ "type": "array", "prefixItems": [integer], "maxItems": 2 })),
            ("/*", json!({ "type": "array", "prefixItems": [integer], "items": text })),
            ("/*", json!({ "type": "object", "propertyNames": names, "additionalProperties": text })),
            ("/*", json!({ "type": "object", "propertyNames": names, "additionalProperties": true })),
            ("/<name>", json!({ "type": "object", "propertyNames": text, "additionalProperties": integer })),
            ("/<name>", json!({ "type": "object", "additionalProperties": integer })),
            ("/<name>", json!({ "type": "object", "additionalProperties": true })),
            ("/*", json!({ "type": "object", "patternProperties": { "^[a-z]+$": text } })),
            ("/<name>", json!({ "type": "object", "patternProperties": { "^.+$": integer } })),
            (
                "/<name>",
                json!({ "type": "object", "patternProperties": { "^[a-z]+$": integer }, "additionalProperties": integer }),
            ),
        ] {
            assert_eq!(open(schema.clone()).as_deref(), Some(path), "{schema}");
        }
    }
}
