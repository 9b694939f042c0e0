//! Reads one property as a text, a number or a list, and refuses values of another type.

use std::ops::RangeInclusive;

use super::Fields;
use crate::template::yaml::{Entry, Node, Value};

impl Fields<'_> {
    pub(in crate::template) fn text(&mut self, key: &str) -> Option<String> {
        let entry = self.take(key)?;
        self.as_text(&entry)
    }

    pub(in crate::template) fn required_text(&mut self, key: &str) -> Option<String> {
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

    pub(in crate::template) fn number(&mut self, key: &str, range: RangeInclusive<u32>) -> Option<u32> {
        let entry = self.take(key)?;
        self.as_number(&entry, range)
    }

    pub(in crate::template) fn required_number(
        &mut self,
        key: &str,
        range: RangeInclusive<u32>,
    ) -> Option<u32> {
        let entry = self.take_required(key)?;
        self.as_number(&entry, range)
    }

    fn as_number(&self, entry: &Entry, range: RangeInclusive<u32>) -> Option<u32> {
        let number =
            entry.node.as_text().and_then(|text| text.parse().ok()).filter(|number| range.contains(number));
        if number.is_none() {
            self.refuse_value(
                entry,
                "is not a number that is allowed",
                format!("write a whole number from {} to {}.", range.start(), range.end()),
            );
        }
        number
    }

    /// A number that is neither negative nor infinite.
    pub(in crate::template) fn required_decimal(&mut self, key: &str) -> Option<f64> {
        let entry = self.take_required(key)?;
        let number = entry.node.as_text().and_then(|text| text.parse().ok());
        let number = number.filter(|number: &f64| number.is_finite() && *number >= 0.0);
        if number.is_none() {
            self.refuse_value(&entry, "is not a number that is allowed", "write 0 or more.");
        }
        number
    }

    pub(in crate::template) fn boolean(&mut self, key: &str) -> Option<bool> {
        let entry = self.take(key)?;
        let value = entry.node.as_text().and_then(|text| text.to_ascii_lowercase().parse().ok());
        if value.is_none() {
            self.refuse_value(&entry, "is neither true nor false", "write true or false.");
        }
        value
    }

    /// A property for which the local cloud supports only these values.
    pub(in crate::template) fn choice(&mut self, key: &str, allowed: &[&str]) -> Option<String> {
        let entry = self.take(key)?;
        self.one_of(&entry, allowed)
    }

    pub(in crate::template) fn required_choice(&mut self, key: &str, allowed: &[&str]) -> Option<String> {
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

    pub(in crate::template) fn list(&mut self, key: &str) -> Option<Vec<Node>> {
        let entry = self.take(key)?;
        match entry.node.value {
            Value::List(items) => Some(items),
            _ => {
                self.refuse_value(&entry, "is not a list", "write a list.");
                None
            }
        }
    }

    pub(in crate::template) fn texts(&mut self, key: &str) -> Option<Vec<String>> {
        let line = self.line_of(key);
        let items = self.list(key)?;
        let texts: Vec<String> = items.iter().filter_map(Node::as_text).map(str::to_owned).collect();
        if texts.len() < items.iter().filter(|item| !matches!(item.value, Value::Invalid)).count() {
            self.refuse(
                line,
                format!("{} is not a list of texts.", self.property(key)),
                "write one value an item.",
            );
        }
        Some(texts)
    }
}
