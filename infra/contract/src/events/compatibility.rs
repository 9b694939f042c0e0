//! Whether a consumer that was written against an old schema can read what a new one allows: objects may gain members,
//! and all else must stay as it is. Wording and the names of definitions may change, since no consumer reads them.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

/// Keywords that tell people something, and the definitions, which are put where they are referred to.
const WORDING: [&str; 6] = ["$defs", "$schema", "deprecated", "description", "examples", "title"];

/// What a consumer of the old schema may not understand, each with the path of its field.
pub(super) fn differences(old: &Value, new: &Value) -> Vec<String> {
    compare(&expanded(old, old, &mut Vec::new()), &expanded(new, new, &mut Vec::new()), "/")
}

fn compare(old: &Value, new: &Value, at: &str) -> Vec<String> {
    match (old, new) {
        (Value::Object(was), Value::Object(is)) => {
            let keywords: BTreeSet<&String> = was.keys().chain(is.keys()).collect();
            keywords.into_iter().flat_map(|keyword| compare_keyword(keyword, old, new, at)).collect()
        }
        // What allowed anything allowed this as well.
        (Value::Bool(true), _) => Vec::new(),
        _ if old == new => Vec::new(),
        _ => vec![format!("{at} changed from {old} to {new}")],
    }
}

fn compare_keyword(keyword: &str, old: &Value, new: &Value, at: &str) -> Vec<String> {
    let said = |value: Option<&Value>| value.map_or("none".to_owned(), Value::to_string);
    match (keyword, old.get(keyword), new.get(keyword)) {
        ("properties", ..) => compare_members(old, new, at),
        ("required", was, is) => {
            let dropped = list(was).iter().filter(|name| !list(is).contains(name)).filter_map(Value::as_str);
            dropped.map(|name| format!("{} is no longer required", below(at, name))).collect()
        }
        ("$ref", Some(was), Some(is)) => compare(was, is, at),
        ("items" | "additionalProperties", Some(was), Some(is)) => compare(was, is, &below(at, "*")),
        ("anyOf" | "oneOf" | "allOf", was, is) if list(was).len() == list(is).len() => {
            list(was).iter().zip(list(is)).flat_map(|(was, is)| compare(was, is, at)).collect()
        }
        (_, was, is) if was == is => Vec::new(),
        (_, was, is) => vec![format!("{at} changed {keyword} from {} to {}", said(was), said(is))],
    }
}

fn compare_members(old: &Value, new: &Value, at: &str) -> Vec<String> {
    let members = |schema: &Value| schema["properties"].as_object().cloned().unwrap_or_default();
    let (was, is) = (members(old), members(new));
    // What the old schema said of members that it did not name holds for those that are added.
    let others = old.get("additionalProperties").unwrap_or(&Value::Bool(true));
    let kept = was.iter().flat_map(|(name, was)| match is.get(name) {
        Some(is) => compare(was, is, &below(at, name)),
        None => vec![format!("{} is gone", below(at, name))],
    });
    let added = is.iter().filter(|(name, _)| !was.contains_key(*name));
    kept.chain(added.flat_map(|(name, is)| compare(others, is, &below(at, name)))).collect()
}

fn list(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn below(at: &str, name: &str) -> String {
    format!("{}/{name}", at.trim_end_matches('/'))
}

/// The schema without wording, with what it refers to in the places of references. Within its own target, a reference
/// stays as it is: `entered` are those that are being followed.
fn expanded<'a>(schema: &'a Value, document: &'a Value, entered: &mut Vec<&'a str>) -> Value {
    match schema {
        Value::Object(keywords) => {
            let read = keywords.iter().filter(|(keyword, _)| !WORDING.contains(&keyword.as_str()));
            let read = read.map(|(keyword, value)| {
                (keyword.clone(), expanded_keyword(keyword, value, document, entered))
            });
            let whole: Map<String, Value> = read.collect();
            match whole.get("$ref") {
                Some(target) if whole.len() == 1 && !target.is_string() => target.clone(),
                _ => whole.into(),
            }
        }
        Value::Array(parts) => parts.iter().map(|part| expanded(part, document, entered)).collect(),
        other => other.clone(),
    }
}

fn expanded_keyword<'a>(
    keyword: &str,
    value: &'a Value,
    document: &'a Value,
    entered: &mut Vec<&'a str>,
) -> Value {
    match (keyword, value) {
        // Members may have the names of keywords.
        ("properties" | "patternProperties", Value::Object(members)) => {
            members.iter().map(|(name, member)| (name.clone(), expanded(member, document, entered))).collect()
        }
        ("const" | "enum" | "default", _) => value.clone(),
        ("$ref", Value::String(name)) if !entered.contains(&name.as_str()) => {
            let Some(target) = document.pointer(name.trim_start_matches('#')) else { return value.clone() };
            entered.push(name);
            let target = expanded(target, document, entered);
            entered.pop();
            target
        }
        _ => expanded(value, document, entered),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn compare(old: &Value, new: &Value) -> String {
        differences(old, new).join(", ")
    }

    #[test]
    fn objects_may_gain_members_wherever_they_stand() {
        let old = json!({ "properties": { "a": { "type": "integer" } }, "required": ["a"] });
        let new = json!({
            "properties": { "a": { "type": "integer" }, "title": { "type": "string" } }, "required": ["title", "a"],
        });
        let places: [fn(&Value) -> Value; 8] = [
            Value::clone,
            |object| json!({ "properties": { "it": object } }),
            |object| json!({ "type": "array", "items": object }),
            |object| json!({ "additionalProperties": object }),
            |object| json!({ "anyOf": [object, { "type": "null" }] }),
            |object| json!({ "oneOf": [{ "type": "null" }, object] }),
            |object| json!({ "properties": { "it": { "$ref": "#/$defs/It" } }, "$defs": { "It": object } }),
            |object| json!({ "$ref": "#/$defs/It", "type": "object", "$defs": { "It": object } }),
        ];
        for place in places {
            let (old, new) = (place(&old), place(&new));
            assert_eq!(compare(&old, &new), "", "{old}");
            assert!(compare(&new, &old).contains("/title is gone"), "{old}");
        }
    }

    #[test]
    fn all_else_stays_as_it_is() {
        let integer = json!({ "type": "integer" });
        let object = json!({ "properties": { "a": integer }, "required": ["a"] });
        let map = |members: Value| json!({ "additionalProperties": integer, "properties": members });
        for (expected, old, new) in [
            ("/a is gone, /a is no longer required", &object, json!({})),
            ("/a is no longer required", &object, json!({ "properties": { "a": integer } })),
            (
                r#"/a changed type from "integer" to ["integer","null"]"#,
                &object,
                json!({ "properties": { "a": { "type": ["integer", "null"] } }, "required": ["a"] }),
            ),
            (
                r#"/* changed type from "integer" to none"#,
                &json!({ "items": integer }),
                json!({ "items": {} }),
            ),
            ("/ changed items from true to none", &json!({ "items": true }), json!({})),
            (
                r#"/ changed enum from ["a"] to ["a","b"]"#,
                &json!({ "enum": ["a"] }),
                json!({ "enum": ["a", "b"] }),
            ),
            (r#"/ changed pattern from none to "^a$""#, &json!({}), json!({ "pattern": "^a$" })),
            (
                "/ changed not from {} to {\"const\":1}",
                &json!({ "not": {} }),
                json!({ "not": { "const": 1 } }),
            ),
            (
                r#"/ changed const from {"title":"a"} to {"title":"b"}"#,
                &json!({ "const": { "title": "a" } }),
                json!({ "const": { "title": "b" } }),
            ),
            (
                "/ changed anyOf from [true] to [true,true]",
                &json!({ "anyOf": [true] }),
                json!({ "anyOf": [true, true] }),
            ),
            (
                r#"/b changed type from "integer" to "string""#,
                &map(json!({})),
                map(json!({ "b": { "type": "string" } })),
            ),
            (r##"/ changed $ref from "#/$defs/A" to none"##, &json!({ "$ref": "#/$defs/A" }), json!({})),
        ] {
            assert_eq!(compare(old, &new), expected, "{old} {new}");
        }
    }

    #[test]
    fn wording_and_the_names_of_definitions_may_change() {
        let id = json!({ "type": "string", "pattern": "^ord_$" });
        let told =
            json!({ "type": "string", "pattern": "^ord_$", "description": "An id", "examples": ["ord_"] });
        let named = |name: &str, id: &Value| json!({ "title": name, "items": { "$ref": format!("#/$defs/{name}") }, "$defs": { name: id } });
        for new in [named("Id", &told), named("OrderId", &id), json!({ "items": told })] {
            assert_eq!(compare(&named("Id", &id), &new), "", "{new}");
        }
        let changed = compare(&named("Id", &id), &named("Id", &json!({ "type": "string" })));
        assert_eq!(changed, r#"/* changed pattern from "^ord_$" to none"#);
    }

    #[test]
    fn recursive_schemas_are_compared_once() {
        let tree = |kind: &str| {
            let tree = json!({ "properties": {
                "id": { "type": kind }, "parts": { "items": { "$ref": "#/$defs/Tree" } },
            } });
            json!({ "$ref": "#/$defs/Tree", "$defs": { "Tree": tree } })
        };
        assert_eq!(compare(&tree("string"), &tree("string")), "");
        assert_eq!(
            compare(&tree("string"), &tree("integer")),
            r#"/id changed type from "string" to "integer""#
        );
    }
}
