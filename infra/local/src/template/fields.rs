//! The properties of one mapping, taken one by one: what nobody takes is refused.
//!
//! Reading a property is what makes it supported, so the list of supported properties cannot
//! differ from what the local cloud obeys.

use std::ops::RangeInclusive;

use super::refusal::Report;
use super::without_effect;
use super::yaml::{Entry, Node, Value};

pub(super) struct Fields<'r> {
    /// The resource type, or what else this is a mapping of.
    kind: &'r str,
    pub(super) logical_id: &'r str,
    /// Property names from the resource down to here; empty at its top.
    path: String,
    pub(super) line: usize,
    entries: Vec<Entry>,
    report: &'r Report<'r>,
}

impl<'r> Fields<'r> {
    /// Reads a mapping; none when it is not one.
    pub(super) fn read<T>(
        kind: &str,
        logical_id: &str,
        line: usize,
        node: &Node,
        report: &Report<'_>,
        read: impl FnOnce(&mut Fields<'_>) -> T,
    ) -> Option<T> {
        let mut fields = Fields {
            kind,
            logical_id,
            path: String::new(),
            line,
            entries: Vec::new(),
            report,
        };
        fields.fill(node).then(|| fields.finish(read))
    }

    /// A mapping of another kind inside this resource: an event, a policy.
    pub(super) fn inner<T>(
        &self,
        kind: &str,
        line: usize,
        node: &Node,
        read: impl FnOnce(&mut Fields<'_>) -> T,
    ) -> Option<T> {
        Fields::read(kind, self.logical_id, line, node, self.report, read)
    }

    fn fill(&mut self, node: &Node) -> bool {
        match &node.value {
            Value::Map(entries) => self.entries.clone_from(entries),
            Value::Invalid => return false,
            _ => {
                let what = if self.path.is_empty() {
                    self.kind
                } else {
                    &self.path
                };
                self.refuse(
                    self.line,
                    format!("{what} is not a mapping."),
                    "write `Property: value` lines below it.",
                );
                return false;
            }
        }
        true
    }

    fn finish<T>(mut self, read: impl FnOnce(&mut Fields<'_>) -> T) -> T {
        let value = read(&mut self);
        for entry in std::mem::take(&mut self.entries) {
            let property = self.property(&entry.key);
            match without_effect::reason(self.kind, &property) {
                Some(reason) => self.report.note(self.logical_id, property, reason),
                None => {
                    let remedy = format!(
                        "remove it: the local cloud does not know this property of {}.",
                        self.kind
                    );
                    self.refuse(entry.line, format!("{property} is not supported."), remedy);
                }
            }
        }
        value
    }

    fn child(&self, key: &str, line: usize) -> Fields<'_> {
        Fields {
            kind: self.kind,
            logical_id: self.logical_id,
            path: self.property(key),
            line,
            entries: Vec::new(),
            report: self.report,
        }
    }

    fn property(&self, key: &str) -> String {
        if self.path.is_empty() {
            key.to_owned()
        } else {
            format!("{}.{key}", self.path)
        }
    }

    pub(super) fn refuse(
        &self,
        line: usize,
        problem: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        self.report.refuse(self.logical_id, line, problem, remedy);
    }

    fn refuse_value(&self, entry: &Entry, problem: &str, remedy: impl Into<String>) {
        if !matches!(entry.node.value, Value::Invalid) {
            self.refuse(
                entry.line,
                format!("{} {problem}.", self.property(&entry.key)),
                remedy,
            );
        }
    }

    /// The property's line; the mapping's own where it is absent.
    pub(super) fn line_of(&self, key: &str) -> usize {
        self.entries
            .iter()
            .find(|entry| entry.key == key)
            .map_or(self.line, |entry| entry.line)
    }

    pub(super) fn take(&mut self, key: &str) -> Option<Entry> {
        let index = self.entries.iter().position(|entry| entry.key == key)?;
        Some(self.entries.remove(index))
    }

    /// A property that is read for its form only and stands in the table of those without effect.
    pub(super) fn take_without_effect(&mut self, key: &str) -> Option<Entry> {
        let property = self.property(key);
        let reason = without_effect::reason(self.kind, &property)?;
        let entry = self.take(key)?;
        self.report.note(self.logical_id, property, reason);
        Some(entry)
    }

    fn take_required(&mut self, key: &str) -> Option<Entry> {
        let entry = self.take(key);
        if entry.is_none() {
            let property = self.property(key);
            self.refuse(
                self.line,
                format!("{property} is missing."),
                format!("add {property}."),
            );
        }
        entry
    }

    pub(super) fn text(&mut self, key: &str) -> Option<String> {
        let entry = self.take(key)?;
        self.as_text(&entry)
    }

    pub(super) fn required_text(&mut self, key: &str) -> Option<String> {
        let entry = self.take_required(key)?;
        self.as_text(&entry)
    }

    fn as_text(&self, entry: &Entry) -> Option<String> {
        let text = entry.node.as_text();
        if text.is_none() {
            self.refuse_value(entry, "is not text", "write one value.");
        }
        text.map(str::to_owned)
    }

    pub(super) fn number(&mut self, key: &str, range: RangeInclusive<u32>) -> Option<u32> {
        let entry = self.take(key)?;
        self.as_number(&entry, range)
    }

    pub(super) fn required_number(&mut self, key: &str, range: RangeInclusive<u32>) -> Option<u32> {
        let entry = self.take_required(key)?;
        self.as_number(&entry, range)
    }

    fn as_number(&self, entry: &Entry, range: RangeInclusive<u32>) -> Option<u32> {
        let number = entry
            .node
            .as_text()
            .and_then(|text| text.parse().ok())
            .filter(|number| range.contains(number));
        if number.is_none() {
            self.refuse_value(
                entry,
                "is not a number that is allowed",
                format!(
                    "write a whole number from {} to {}.",
                    range.start(),
                    range.end()
                ),
            );
        }
        number
    }

    pub(super) fn boolean(&mut self, key: &str) -> Option<bool> {
        let entry = self.take(key)?;
        let value = entry
            .node
            .as_text()
            .and_then(|text| text.to_ascii_lowercase().parse().ok());
        if value.is_none() {
            self.refuse_value(&entry, "is neither true nor false", "write true or false.");
        }
        value
    }

    /// A property of which the local cloud knows these values alone.
    pub(super) fn choice(&mut self, key: &str, allowed: &[&str]) -> Option<String> {
        let entry = self.take(key)?;
        self.one_of(&entry, allowed)
    }

    pub(super) fn required_choice(&mut self, key: &str, allowed: &[&str]) -> Option<String> {
        let entry = self.take_required(key)?;
        self.one_of(&entry, allowed)
    }

    fn one_of(&self, entry: &Entry, allowed: &[&str]) -> Option<String> {
        let value = self.as_text(entry)?;
        if allowed.contains(&value.as_str()) {
            return Some(value);
        }
        self.refuse_value(
            entry,
            &format!("{value} is not supported"),
            format!("use {}.", allowed.join(" or ")),
        );
        None
    }

    pub(super) fn list(&mut self, key: &str) -> Option<Vec<Node>> {
        let entry = self.take(key)?;
        match entry.node.value {
            Value::List(items) => Some(items),
            _ => {
                self.refuse_value(&entry, "is not a list", "write a list.");
                None
            }
        }
    }

    pub(super) fn texts(&mut self, key: &str) -> Option<Vec<String>> {
        let line = self.line_of(key);
        let items = self.list(key)?;
        let texts: Vec<String> = items
            .iter()
            .filter_map(Node::as_text)
            .map(str::to_owned)
            .collect();
        if texts.len()
            < items
                .iter()
                .filter(|item| !matches!(item.value, Value::Invalid))
                .count()
        {
            self.refuse(
                line,
                format!("{} is not a list of texts.", self.property(key)),
                "write one value an item.",
            );
        }
        Some(texts)
    }

    /// A mapping below this property.
    pub(super) fn map<T>(
        &mut self,
        key: &str,
        read: impl FnOnce(&mut Fields<'_>) -> T,
    ) -> Option<T> {
        let entry = self.take(key)?;
        let mut child = self.child(key, entry.line);
        child.fill(&entry.node).then(|| child.finish(read))
    }

    pub(super) fn required_map<T>(
        &mut self,
        key: &str,
        read: impl FnOnce(&mut Fields<'_>) -> T,
    ) -> Option<T> {
        let entry = self.take_required(key)?;
        self.entries.push(entry);
        self.map(key, read)
    }

    /// A list of mappings below this property.
    pub(super) fn maps<T>(
        &mut self,
        key: &str,
        mut read: impl FnMut(&mut Fields<'_>) -> T,
    ) -> Option<Vec<T>> {
        let items = self.list(key)?;
        let mut values = Vec::new();
        for item in &items {
            let mut child = self.child(key, item.line);
            if child.fill(item) {
                values.push(child.finish(&mut read));
            }
        }
        Some(values)
    }

    /// Mappings below this property, each under a name of the template's choice.
    pub(super) fn named<T>(
        &mut self,
        key: &str,
        mut read: impl FnMut(&str, &mut Fields<'_>) -> T,
    ) -> Vec<T> {
        let Some(entry) = self.take(key) else {
            return Vec::new();
        };
        let outer = self.child(key, entry.line);
        let mut values = Vec::new();
        for entry in entry.node.entries() {
            let mut child = outer.child(&entry.key, entry.line);
            if child.fill(&entry.node) {
                values.push(child.finish(|fields| read(&entry.key, fields)));
            }
        }
        values
    }
}
