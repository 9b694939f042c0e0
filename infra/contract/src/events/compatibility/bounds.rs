//! Bounds of numbers and lengths, and forms of texts.

use serde_json::Value;

use super::{Comparison, Pair};

impl<'a> Comparison<'a> {
    /// `narrows` says whether the first bound allows no more than the second.
    pub(super) fn compare_bound(
        &mut self,
        keyword: &str,
        pair: &Pair<'a>,
        at: &str,
        narrows: fn(&f64, &f64) -> bool,
    ) {
        let Some(old) = pair.old.get(keyword) else { return };
        let Some(new) = pair.new.get(keyword) else {
            return self.note(at, &format!("has no {keyword} any more"));
        };
        // Large integers that differ may be the same number as floats.
        let allows_no_more = match (new.as_f64(), old.as_f64()) {
            (Some(new), Some(old)) if new != old => narrows(&new, &old),
            _ => new == old,
        };
        if !allows_no_more {
            self.note(at, &format!("has a wider {keyword}"));
        }
    }

    /// One such keyword cannot be compared with another.
    pub(super) fn compare_fixed(&mut self, keyword: &str, pair: &Pair<'a>, at: &str) {
        match (pair.old.get(keyword), pair.new.get(keyword)) {
            (Some(_), None) => self.note(at, &format!("has no {keyword} any more")),
            (Some(old), Some(new)) if old != new => self.note(at, &format!("has another {keyword}")),
            _ => {}
        }
    }

    pub(super) fn compare_uniqueness(&mut self, pair: &Pair<'a>, at: &str) {
        let [old, new] =
            [&pair.old, &pair.new].map(|schema| schema.get("uniqueItems") == Some(&Value::Bool(true)));
        if old && !new {
            self.note(at, "may have an item twice");
        }
    }
}
