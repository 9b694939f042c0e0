//! Filters of Queries. DynamoDB reads and charges what a filter leaves out, so whoever lists bounds how much is read.

use std::collections::HashMap;
use std::fmt;

use domain::specification::{Match, Node, Order, Specification};
use domain::text::SearchText;

use super::row::Item;
use super::{Attribute, Value};

/// What the rows of an answer satisfy: a specification as one expression of DynamoDB. Names and values stand in it by
/// placeholders alone.
#[derive(Clone, Default)]
pub struct Filter {
    pub(super) expression: String,
    pub(super) names: HashMap<String, String>,
    pub(super) values: Item,
}

/// A leaf of a specification, as DynamoDB tests it. None of them but `Absent` holds of a row without the attribute.
#[derive(Clone)]
pub enum Test {
    Equals(Attribute, Value),
    /// Of a text: it has this part. Of a set of texts: this is one of them.
    Contains(Attribute, Value),
    BeginsWith(Attribute, Value),
    /// How the attribute stands to the value.
    Ordered(Attribute, Order, Value),
    Absent(Attribute),
}

impl Test {
    /// How the folded text in an attribute matches the one that is searched.
    pub fn matches(how: Match, attribute: Attribute, searched: &SearchText) -> Self {
        let value = searched.as_str().into();
        match how {
            Match::Whole => Self::Equals(attribute, value),
            Match::Part => Self::Contains(attribute, value),
            Match::Beginning => Self::BeginsWith(attribute, value),
        }
    }
}

impl Filter {
    pub fn of<L>(specification: &Specification<L>, test: impl Fn(&L) -> Test) -> Self {
        let mut filter = Self::default();
        filter.expression = filter.express(specification, &test);
        filter
    }

    fn express<L>(&mut self, specification: &Specification<L>, test: &impl Fn(&L) -> Test) -> String {
        match specification.node() {
            Node::Leaf(leaf) => self.tested(test(leaf)),
            Node::All(parts) => self.joined(parts, " AND ", test),
            Node::Any(parts) => self.joined(parts, " OR ", test),
            Node::Not(part) => format!("(NOT {})", self.express(part, test)),
        }
    }

    fn joined<L>(&mut self, parts: &[Specification<L>], by: &str, test: &impl Fn(&L) -> Test) -> String {
        let parts: Vec<String> = parts.iter().map(|part| self.express(part, test)).collect();
        format!("({})", parts.join(by))
    }

    fn tested(&mut self, test: Test) -> String {
        let (before, attribute, between, value) = match test {
            Test::Equals(attribute, value) => ("", attribute, " = ", value),
            Test::Contains(attribute, value) => ("contains", attribute, ", ", value),
            Test::BeginsWith(attribute, value) => ("begins_with", attribute, ", ", value),
            Test::Ordered(attribute, order, value) => ("", attribute, sign(order), value),
            Test::Absent(attribute) => return format!("attribute_not_exists({})", self.name(attribute)),
        };
        let (name, value) = (self.name(attribute), self.value(value));
        format!("{before}({name}{between}{value})")
    }

    fn name(&mut self, Attribute(name): Attribute) -> String {
        let placeholder = format!("#f_{name}");
        self.names.insert(placeholder.clone(), name.to_owned());
        placeholder
    }

    fn value(&mut self, value: Value) -> String {
        let placeholder = format!(":f{}", self.values.len());
        self.values.insert(placeholder.clone(), value.into_attribute());
        placeholder
    }
}

const fn sign(order: Order) -> &'static str {
    match order {
        Order::Above => " > ",
        Order::AtLeast => " >= ",
        Order::Below => " < ",
        Order::AtMost => " <= ",
    }
}

/// Without the values, which may be personal.
impl fmt::Debug for Filter {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Filter({})", self.expression)
    }
}

#[cfg(test)]
mod tests;
