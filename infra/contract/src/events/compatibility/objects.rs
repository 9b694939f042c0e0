//! Members of objects, and items of lists.

use serde_json::{Map, Value};

use super::layers::Layers;
use super::{Comparison, Pair};

impl<'a> Comparison<'a> {
    pub(super) fn compare_members(&mut self, pair: &Pair<'a>, at: &str) {
        for (name, old) in members(&pair.old) {
            let at = format!("{at}/{name}");
            match member(&pair.new, name) {
                Some(new) => self.compare(old, new, &at),
                None => self.note(&at, "is gone"),
            }
        }
    }

    pub(super) fn compare_required(&mut self, pair: &Pair<'a>, at: &str) {
        let is_gone = |name: &str| member(&pair.old, name).is_some() && member(&pair.new, name).is_none();
        let still_required: Vec<&str> = required(&pair.new).collect();
        for name in required(&pair.old).filter(|name| !still_required.contains(name) && !is_gone(name)) {
            self.note(&format!("{at}/{name}"), "is no longer required");
        }
    }

    /// The old schema says what members may be that it does not name.
    pub(super) fn compare_other_members(&mut self, pair: &Pair<'a>, at: &str) {
        let Some(old) = pair.old.get("additionalProperties") else { return };
        for (name, new) in members(&pair.new).filter(|(name, _)| member(&pair.old, name).is_none()) {
            self.compare(old, new, &format!("{at}/{name}"));
        }
        self.compare(
            old,
            pair.new.get("additionalProperties").unwrap_or(&Value::Bool(true)),
            &format!("{at}/*"),
        );
    }

    pub(super) fn compare_items(&mut self, pair: &Pair<'a>, at: &str) {
        let Some(old) = pair.old.get("items") else { return };
        self.compare(old, pair.new.get("items").unwrap_or(&Value::Bool(true)), &format!("{at}/*"));
    }
}

fn members<'a>(schema: &Layers<'a>) -> impl Iterator<Item = (&'a String, &'a Value)> + use<'a> {
    schema.get("properties").and_then(Value::as_object).into_iter().flatten()
}

fn member<'a>(schema: &Layers<'a>, name: &str) -> Option<&'a Value> {
    schema.get("properties").and_then(Value::as_object).and_then(|members: &Map<_, _>| members.get(name))
}

fn required<'a>(schema: &Layers<'a>) -> impl Iterator<Item = &'a str> + use<'a> {
    schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}
