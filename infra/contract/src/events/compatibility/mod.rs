//! Whether a consumer that was written against an old schema can read what a new one allows: everything that the new
//! schema allows, the old one must allow too, except that members may be added to objects. What cannot be decided
//! counts as a difference.

mod alternatives;
mod bounds;
mod layers;
mod objects;
mod values;

use std::collections::BTreeSet;
use std::ptr;

use serde_json::Value;

use layers::{Layers, expanded, is_wording};

/// What consumers of the old schema could not read, each with the path of its field.
pub(super) fn differences(old: &Value, new: &Value) -> Vec<String> {
    let mut comparison = Comparison { old, new, entered: BTreeSet::new(), found: BTreeSet::new() };
    comparison.compare(old, new, "");
    comparison.found.into_iter().collect()
}

struct Comparison<'a> {
    /// The whole documents, in which references are resolved.
    old: &'a Value,
    new: &'a Value,
    /// The pairs of schemas that are being compared, of which recursive ones would be entered again.
    entered: BTreeSet<(*const Value, *const Value)>,
    found: BTreeSet<String>,
}

/// The same place in both schemas.
struct Pair<'a> {
    old: Layers<'a>,
    new: Layers<'a>,
}

impl<'a> Comparison<'a> {
    fn compare(&mut self, old: &'a Value, new: &'a Value, at: &str) {
        // What differs in wording alone needs no decision, whatever its keywords are.
        if expanded(old, self.old) == expanded(new, self.new) || *new == Value::Bool(false) {
            return;
        }
        let schemas = (ptr::from_ref(old), ptr::from_ref(new));
        if !self.entered.insert(schemas) {
            return;
        }
        let pair = Pair { old: Layers::of(old, self.old), new: Layers::of(new, self.new) };
        if *old == Value::Bool(false) {
            self.note(at, "was ruled out");
        } else if pair.old.is_broken() || pair.new.is_broken() {
            self.note(at, "has a $ref that leads nowhere");
        } else {
            self.compare_keywords(&pair, at);
        }
        self.entered.remove(&schemas);
    }

    fn compare_keywords(&mut self, pair: &Pair<'a>, at: &str) {
        let keywords: BTreeSet<&str> = pair.old.keywords().chain(pair.new.keywords()).collect();
        for keyword in keywords.into_iter().filter(|keyword| !is_wording(keyword)) {
            self.compare_keyword(keyword, pair, at);
        }
    }

    fn compare_keyword(&mut self, keyword: &str, pair: &Pair<'a>, at: &str) {
        if pair.old.contradicts_itself(keyword) || pair.new.contradicts_itself(keyword) {
            return self.note(at, &format!("has {keyword} beside and behind $ref, which cannot be judged"));
        }
        match keyword {
            "type" => self.compare_types(pair, at),
            "const" | "enum" => self.compare_values(pair, at),
            "pattern" | "format" | "multipleOf" => self.compare_fixed(keyword, pair, at),
            "minimum" | "exclusiveMinimum" | "minLength" | "minItems" | "minProperties" => {
                self.compare_bound(keyword, pair, at, f64::ge);
            }
            "maximum" | "exclusiveMaximum" | "maxLength" | "maxItems" | "maxProperties" => {
                self.compare_bound(keyword, pair, at, f64::le);
            }
            "uniqueItems" => self.compare_uniqueness(pair, at),
            "required" => self.compare_required(pair, at),
            "properties" => self.compare_members(pair, at),
            "additionalProperties" => self.compare_other_members(pair, at),
            "items" => self.compare_items(pair, at),
            "allOf" | "anyOf" | "oneOf" => self.compare_alternatives(keyword, pair, at),
            other => self.compare_unknown(other, pair, at),
        }
    }

    fn note(&mut self, at: &str, difference: &str) {
        let at = if at.is_empty() { "/" } else { at };
        self.found.insert(format!("{at} {difference}"));
    }
}

#[cfg(test)]
mod tests;
