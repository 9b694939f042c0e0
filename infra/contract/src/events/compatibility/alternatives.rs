//! Combinations of schemas, and keywords that are not known here. They are compared as a whole.

use serde_json::Value;

use super::layers::expanded;
use super::{Comparison, Pair};

impl<'a> Comparison<'a> {
    /// More parts of an `allOf` allow less.
    pub(super) fn compare_alternatives(&mut self, keyword: &str, pair: &Pair<'a>, at: &str) {
        let Some(old) = pair.old.get(keyword) else { return };
        let old = parts(old, self.old);
        let new = parts(pair.new.get(keyword).unwrap_or(&Value::Null), self.new);
        let keeps_all = old.iter().all(|part| new.contains(part));
        let adds_alternatives = keyword != "allOf" && new.iter().any(|part| !old.contains(part));
        if !keeps_all || adds_alternatives {
            self.note(at, &format!("has another {keyword}, which cannot be judged"));
        }
    }

    pub(super) fn compare_unknown(&mut self, keyword: &str, pair: &Pair<'a>, at: &str) {
        let old = pair.old.get(keyword).map(|value| expanded(value, self.old));
        let new = pair.new.get(keyword).map(|value| expanded(value, self.new));
        if old != new {
            self.note(at, &format!("has another {keyword}, which cannot be judged"));
        }
    }
}

fn parts(list: &Value, document: &Value) -> Vec<Value> {
    list.as_array().into_iter().flatten().map(|part| expanded(part, document)).collect()
}
