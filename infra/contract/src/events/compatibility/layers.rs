//! The keywords of a schema, without references and wording.

use serde_json::{Map, Value};

/// A chain of references that is longer than this leads back to itself.
const LONGEST_CHAIN: usize = 16;

/// A schema, and the schemas that it refers to one after another. An instance must be valid by all of them.
pub(super) struct Layers<'a> {
    layers: Vec<&'a Map<String, Value>>,
    /// Whether the last reference leads nowhere, or back.
    is_broken: bool,
}

impl<'a> Layers<'a> {
    pub(super) fn of(schema: &'a Value, document: &'a Value) -> Layers<'a> {
        let mut found = Layers { layers: Vec::new(), is_broken: false };
        let mut next = schema.as_object();
        while let Some(layer) = next {
            found.layers.push(layer);
            let reference = layer.get("$ref").filter(|_| found.layers.len() < LONGEST_CHAIN);
            let target = reference.and_then(|reference| target(reference, document));
            found.is_broken = target.is_none() && layer.contains_key("$ref");
            next = target.and_then(Value::as_object);
        }
        found
    }

    pub(super) fn is_broken(&self) -> bool {
        self.is_broken
    }

    pub(super) fn keywords(&self) -> impl Iterator<Item = &'a str> {
        self.layers.iter().flat_map(|layer| layer.keys().map(String::as_str))
    }

    pub(super) fn get(&self, keyword: &str) -> Option<&'a Value> {
        self.layers.iter().find_map(|layer| layer.get(keyword))
    }

    /// Whether the layers say different things by the keyword, so that [`Layers::get`] is not all of it.
    pub(super) fn contradicts_itself(&self, keyword: &str) -> bool {
        let said = self.layers.iter().filter_map(|layer| layer.get(keyword));
        said.collect::<Vec<_>>().windows(2).any(|pair| pair[0] != pair[1])
    }
}

fn target<'a>(reference: &Value, document: &'a Value) -> Option<&'a Value> {
    document.pointer(reference.as_str()?.strip_prefix('#')?)
}

/// Keywords that tell people something and have no say in what is valid. References are followed, and definitions are
/// compared where they are referred to.
pub(super) fn is_wording(keyword: &str) -> bool {
    const WORDING: [&str; 10] = [
        "$comment",
        "$defs",
        "$ref",
        "$schema",
        "deprecated",
        "description",
        "example",
        "examples",
        "readOnly",
        "title",
    ];
    WORDING.contains(&keyword)
}

/// The schema without its wording, in which members of objects may have the names of keywords.
fn without_wording(schema: &Value) -> Value {
    match schema {
        Value::Object(keywords) => keywords
            .iter()
            .filter(|(keyword, _)| !is_wording(keyword) || matches!(keyword.as_str(), "$defs" | "$ref"))
            .map(|(keyword, value)| (keyword.clone(), without_wording_of(keyword, value)))
            .collect(),
        Value::Array(schemas) => schemas.iter().map(without_wording).collect(),
        other => other.clone(),
    }
}

fn without_wording_of(keyword: &str, value: &Value) -> Value {
    match (keyword, value) {
        ("properties" | "patternProperties" | "$defs", Value::Object(members)) => {
            members.iter().map(|(name, member)| (name.clone(), without_wording(member))).collect()
        }
        ("const" | "enum" | "default" | "required", value) => value.clone(),
        (_, value) => without_wording(value),
    }
}

/// The schema without its wording, with what it refers to in the places of references. A reference within its own
/// target stays.
pub(super) fn expanded(schema: &Value, document: &Value) -> Value {
    expand(&without_wording(schema), document, &mut Vec::new())
}

fn expand(schema: &Value, document: &Value, entered: &mut Vec<String>) -> Value {
    match schema {
        Value::Object(keywords) => {
            let all = keywords.iter().filter(|(keyword, _)| *keyword != "$ref");
            let mut whole: Map<String, Value> =
                all.map(|(keyword, value)| (keyword.clone(), expand(value, document, entered))).collect();
            let Some(reference) = keywords.get("$ref") else { return whole.into() };
            let name = reference.as_str().unwrap_or_default().to_owned();
            let target = target(reference, document).filter(|_| !entered.contains(&name));
            let Some(target) = target else {
                whole.insert("$ref".to_owned(), reference.clone());
                return whole.into();
            };
            entered.push(name);
            let target = expand(&without_wording(target), document, entered);
            entered.pop();
            if whole.is_empty() {
                return target;
            }
            whole.insert("$ref".to_owned(), target);
            whole.into()
        }
        Value::Array(items) => items.iter().map(|item| expand(item, document, entered)).collect(),
        other => other.clone(),
    }
}
