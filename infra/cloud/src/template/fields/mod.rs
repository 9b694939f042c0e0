//! The properties of one mapping, which are taken one by one. Those that nothing takes are refused.
//!
//! Only reading a property makes it supported, so the list of supported properties cannot differ
//! from what the local cloud implements.

mod values;

use super::refusal::{Place, Report};
use super::without_effect;
use super::yaml::{Entry, Node, Value};

pub(super) struct Fields<'r> {
    /// The resource type, or a name for another kind of mapping.
    kind: &'r str,
    pub(super) logical_id: &'r str,
    /// The names of the properties that lead from the resource to this mapping; empty at the resource itself.
    path: String,
    pub(super) line: usize,
    entries: Vec<Entry>,
    report: &'r Report<'r>,
}

impl<'r> Fields<'r> {
    /// Reads a mapping; `None` when the node is not one.
    pub(super) fn read<T>(
        kind: &str,
        logical_id: &str,
        line: usize,
        node: &Node,
        report: &Report<'_>,
        read: impl FnOnce(&mut Fields<'_>) -> T,
    ) -> Option<T> {
        let mut fields = Fields { kind, logical_id, path: String::new(), line, entries: Vec::new(), report };
        fields.fill(node).then(|| fields.finish(read))
    }

    /// Reads a mapping of another kind inside this resource, such as an event or a policy.
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
        self.entries = node.entries().to_vec();
        self.is_mapping(node)
    }

    fn is_mapping(&self, node: &Node) -> bool {
        let is_mapping = matches!(node.value, Value::Map(_));
        if !is_mapping && !matches!(node.value, Value::Invalid) {
            let what = if self.path.is_empty() { self.kind } else { &self.path };
            let problem = format!("{what} is not a mapping.");
            self.refuse(self.line, problem, "write `Name: value` lines below it.");
        }
        is_mapping
    }

    /// The entries of a mapping whose keys the template chooses.
    pub(super) fn entries(&mut self, key: &str) -> Vec<Entry> {
        let Some(entry) = self.take(key) else {
            return Vec::new();
        };
        self.child(key, entry.line).is_mapping(&entry.node);
        entry.node.entries().to_vec()
    }

    fn finish<T>(mut self, read: impl FnOnce(&mut Fields<'_>) -> T) -> T {
        let value = read(&mut self);
        for entry in std::mem::take(&mut self.entries) {
            let property = self.property(&entry.key);
            match without_effect::reason(self.kind, &property) {
                Some(reason) => self.report.note(self.logical_id, property, reason),
                None => {
                    let remedy =
                        format!("remove it: the local cloud does not know this property of {}.", self.kind);
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
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    pub(super) fn refuse(&self, line: usize, problem: impl Into<String>, remedy: impl Into<String>) {
        self.report.refuse(self.logical_id, line, problem, remedy);
    }

    fn refuse_value(&self, entry: &Entry, problem: &str, remedy: impl Into<String>) {
        if !matches!(entry.node.value, Value::Invalid) {
            self.refuse(entry.line, format!("{} {problem}.", self.property(&entry.key)), remedy);
        }
    }

    pub(super) fn place(&self, line: usize) -> Place {
        self.report.place(line)
    }

    /// The property's line, or the mapping's own line if the property is absent.
    pub(super) fn line_of(&self, key: &str) -> usize {
        self.entries.iter().find(|entry| entry.key == key).map_or(self.line, |entry| entry.line)
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.entries.iter().any(|entry| entry.key == key)
    }

    pub(super) fn take(&mut self, key: &str) -> Option<Entry> {
        let index = self.entries.iter().position(|entry| entry.key == key)?;
        Some(self.entries.remove(index))
    }

    /// Drops properties that are read elsewhere.
    pub(super) fn leave(&mut self, keys: &[&str]) {
        self.entries.retain(|entry| !keys.contains(&entry.key.as_str()));
    }

    pub(super) fn take_all(&mut self) -> Vec<Entry> {
        std::mem::take(&mut self.entries)
    }

    /// Drops the remaining properties, of which nothing can be said since a more important one is refused.
    pub(super) fn ignore_others(&mut self) {
        self.entries.clear();
    }

    /// Takes a property that is only checked for its form and that is listed in `without_effect`.
    pub(super) fn take_without_effect(&mut self, key: &str) -> Option<Entry> {
        let property = self.property(key);
        let reason = without_effect::reason(self.kind, &property)?;
        let entry = self.take(key)?;
        self.report.note(self.logical_id, property, reason);
        Some(entry)
    }

    /// Reports a property that is read and implemented only in part, or not at all.
    pub(super) fn note_without_effect(&self, key: &str) {
        let property = self.property(key);
        if let Some(reason) = without_effect::reason(self.kind, &property)
            && self.entries.iter().any(|entry| entry.key == key)
        {
            self.report.note(self.logical_id, property, reason);
        }
    }

    pub(super) fn take_required(&mut self, key: &str) -> Option<Entry> {
        let entry = self.take(key);
        if entry.is_none() {
            let property = self.property(key);
            self.refuse(self.line, format!("{property} is missing."), format!("add {property}."));
        }
        entry
    }

    /// Reads the mapping of this property.
    pub(super) fn map<T>(&mut self, key: &str, read: impl FnOnce(&mut Fields<'_>) -> T) -> Option<T> {
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

    /// Reads the list of mappings of this property.
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

    /// Reads the mappings of this property, each under a key that the template chooses.
    pub(super) fn named<T>(&mut self, key: &str, mut read: impl FnMut(&str, &mut Fields<'_>) -> T) -> Vec<T> {
        let (line, entries) = (self.line_of(key), self.entries(key));
        let outer = self.child(key, line);
        let mut values = Vec::new();
        for entry in &entries {
            let mut child = outer.child(&entry.key, entry.line);
            if child.fill(&entry.node) {
                values.push(child.finish(|fields| read(&entry.key, fields)));
            }
        }
        values
    }
}
