//! The places of a route's requests, where a value stands that can name something.

use contract::Operation;
use serde_json::Value;
use tests::World;

use super::kinds::{Kind, kind};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Part {
    Path,
    Query,
    Header,
    Body,
}

#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) part: Part,
    /// The parameter's name; in the body, a JSON pointer.
    pub(crate) name: String,
    pub(crate) kind: Kind,
}

/// The operation in the document that is made of the descriptions.
pub(crate) fn described(operation: &Operation) -> &'static Value {
    let document = World::answers().document();
    &document["paths"][&operation.description.path][operation.description.method.to_lowercase()]
}

pub(crate) fn body_example(operation: &Operation) -> Value {
    described(operation)["requestBody"]["content"]["application/json"]["example"].clone()
}

/// Fails for a type that is not known, by the name of its parameter.
pub(crate) fn places(operation: &Operation) -> Result<Vec<Place>, String> {
    let described = described(operation);
    let parameters = described["parameters"].as_array().into_iter().flatten().map(|parameter| {
        let part = match parameter["in"].as_str() {
            Some("path") => Part::Path,
            Some("query") => Part::Query,
            _ => Part::Header,
        };
        (part, parameter["name"].as_str().unwrap().to_owned(), &parameter["schema"])
    });
    let body = leaves(&described["requestBody"]["content"]["application/json"]["schema"], "");
    let body = body.into_iter().map(|(pointer, schema)| (Part::Body, pointer, schema));
    let mut found = Vec::new();
    for (part, name, schema) in parameters.chain(body) {
        match kind(schema) {
            Some(kind) => found.extend(kind.map(|kind| Place { part, name, kind })),
            None => {
                return Err(format!(
                    "{}: {name} ({part:?}) is of a type that the matrix does not know; say in \
                     tests/tests/isolation/matrix/kinds.rs whether it can name something of another tenant: {schema}",
                    operation.key()
                ));
            }
        }
    }
    Ok(found)
}

/// The schemas of all values in a body that have no parts, by pointers into the example: the first item of an array.
fn leaves<'a>(schema: &'a Value, pointer: &str) -> Vec<(String, &'a Value)> {
    if let Some(members) = schema["properties"].as_object() {
        return members
            .iter()
            .flat_map(|(name, inner)| leaves(inner, &format!("{pointer}/{name}")))
            .collect();
    }
    match schema.get("items") {
        Some(items) => leaves(items, &format!("{pointer}/0")),
        None if schema.is_object() => vec![(pointer.to_owned(), schema)],
        None => Vec::new(),
    }
}
