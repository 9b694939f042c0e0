//! Types, and lists of values.

use std::slice;

use serde_json::Value;

use super::layers::Layers;
use super::{Comparison, Pair};

impl<'a> Comparison<'a> {
    pub(super) fn compare_types(&mut self, pair: &Pair<'a>, at: &str) {
        let Some(known) = pair.old.get("type").map(listed) else { return };
        let Some(allowed) = allowed_types(&pair.new) else {
            return self.note(at, "may be of any type");
        };
        let is_known =
            |kind: &str| known.iter().any(|known| known == kind || (known == "number" && kind == "integer"));
        for kind in allowed.into_iter().filter(|kind| !is_known(kind)) {
            self.note(at, &format!("may be of type {kind}"));
        }
    }

    pub(super) fn compare_values(&mut self, pair: &Pair<'a>, at: &str) {
        let Some(known) = values(&pair.old) else { return };
        let Some(allowed) = values(&pair.new) else {
            return self.note(at, "may have other values");
        };
        for value in allowed.into_iter().filter(|value| !known.contains(value)) {
            self.note(at, &format!("may be {value}"));
        }
    }
}

/// A value or a list of values.
fn listed(value: &Value) -> &[Value] {
    value.as_array().map_or(slice::from_ref(value), Vec::as_slice)
}

/// By `type`, or by the values that there are.
fn allowed_types<'a>(schema: &Layers<'a>) -> Option<Vec<&'a str>> {
    match schema.get("type") {
        Some(kinds) => Some(listed(kinds).iter().filter_map(Value::as_str).collect()),
        None => values(schema).map(|values| values.into_iter().map(type_of).collect()),
    }
}

fn values<'a>(schema: &Layers<'a>) -> Option<Vec<&'a Value>> {
    let single = schema.get("const").map(|value| vec![value]);
    single.or_else(|| Some(schema.get("enum")?.as_array()?.iter().collect()))
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}
