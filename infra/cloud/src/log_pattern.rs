//! Filter patterns of log events: those for JSON, and the empty one, which takes every event.
//!
//! AWS: Filter pattern syntax for metric filters, subscription filters, filter log events, and Live Tail,
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html>

mod parse;

use serde_json::Value;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct LogPatternError(String);

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum LogPattern {
    Everything,
    Json(Expression),
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Expression {
    All(Vec<Expression>),
    Any(Vec<Expression>),
    Test(Selector, Test),
}

/// The way from the whole event to one value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Selector(Vec<Step>);

#[derive(Debug, Clone, PartialEq)]
enum Step {
    Field(String),
    Item(usize),
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Test {
    Text { pattern: Wildcard, negated: bool },
    Number(Comparison, f64),
    IsBoolean(bool),
    IsNull,
    NotExists,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl LogPattern {
    /// # Errors
    ///
    /// A pattern that is not of these forms, such as terms, regular expressions or one for columns.
    pub(crate) fn parse(text: &str) -> Result<LogPattern, LogPatternError> {
        match text.trim() {
            "" => Ok(LogPattern::Everything),
            text => Ok(LogPattern::Json(parse::json(text)?)),
        }
    }

    /// A message that is not JSON matches no pattern for JSON.
    pub(crate) fn matches(&self, message: &str) -> bool {
        match self {
            LogPattern::Everything => true,
            LogPattern::Json(_) if !message.trim_start().starts_with('{') => false,
            LogPattern::Json(expression) => {
                serde_json::from_str(message).is_ok_and(|event| expression.holds(&event))
            }
        }
    }
}

impl Expression {
    fn holds(&self, event: &Value) -> bool {
        match self {
            Expression::All(all) => all.iter().all(|one| one.holds(event)),
            Expression::Any(any) => any.iter().any(|one| one.holds(event)),
            Expression::Test(selector, test) => test.holds(selector.find(event)),
        }
    }
}

impl Selector {
    fn find<'e>(&self, event: &'e Value) -> Option<&'e Value> {
        self.0.iter().try_fold(event, |value, step| match step {
            Step::Field(name) => value.get(name),
            Step::Item(index) => value.get(index),
        })
    }
}

impl Test {
    /// Objects and lists pass none of these tests, and what is missing passes `NOT EXISTS` alone.
    fn holds(&self, value: Option<&Value>) -> bool {
        match (self, value) {
            (Test::NotExists, value) => value.is_none(),
            (Test::Text { pattern, negated }, Some(value)) => {
                text(value).is_some_and(|text| pattern.matches(&text) != *negated)
            }
            (Test::Number(comparison, operand), Some(Value::Number(number))) => {
                number.as_f64().is_some_and(|number| comparison.holds(number, *operand))
            }
            (Test::IsBoolean(expected), Some(Value::Bool(is))) => is == expected,
            (Test::IsNull, Some(value)) => value.is_null(),
            _ => false,
        }
    }
}

/// Numbers and booleans have a text too: `= "*"` is how AWS's own tools ask whether a field exists.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        _ => None,
    }
}

/// A text in which `*` stands for any characters: the texts between the stars.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wildcard(Vec<String>);

impl Wildcard {
    fn new(text: &str) -> Wildcard {
        Wildcard(text.split('*').map(str::to_owned).collect())
    }

    fn matches(&self, text: &str) -> bool {
        let [first, middle @ .., last] = self.0.as_slice() else {
            return self.0.iter().all(|whole| whole == text);
        };
        let inner = text.strip_prefix(first.as_str()).and_then(|rest| rest.strip_suffix(last.as_str()));
        let after = |rest: &'_ str, part: &String| Some(rest.split_once(part.as_str())?.1.to_owned());
        inner
            .and_then(|inner| middle.iter().try_fold(inner.to_owned(), |rest, part| after(&rest, part)))
            .is_some()
    }
}

impl Comparison {
    fn holds(self, left: f64, right: f64) -> bool {
        match self {
            Comparison::Equal => left == right,
            Comparison::NotEqual => left != right,
            Comparison::Less => left < right,
            Comparison::LessOrEqual => left <= right,
            Comparison::Greater => left > right,
            Comparison::GreaterOrEqual => left >= right,
        }
    }
}

#[cfg(test)]
mod tests;
