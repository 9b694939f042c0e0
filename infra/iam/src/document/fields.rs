//! Reads the elements of a JSON object, and notices those that nobody asked for.

use serde_json::{Map, Value};

use super::error::Problem;

pub(super) struct Fields<'v> {
    object: &'v Map<String, Value>,
    taken: Vec<&'static str>,
}

impl<'v> Fields<'v> {
    pub(super) fn of(value: &'v Value, element: &str) -> Result<Fields<'v>, Problem> {
        let object = value.as_object();
        let object = object.ok_or_else(|| malformed(element, "an object"))?;
        Ok(Fields { object, taken: Vec::new() })
    }

    pub(super) fn take(&mut self, element: &'static str) -> Option<&'v Value> {
        self.taken.push(element);
        self.object.get(element)
    }

    pub(super) fn text(&mut self, element: &'static str) -> Result<Option<&'v str>, Problem> {
        match self.take(element) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(malformed(element, "a text")),
        }
    }

    /// Exactly one of an element and its negation: whether it is the negation, and its value.
    pub(super) fn one_of(
        &mut self,
        element: &'static str,
        negation: &'static str,
    ) -> Result<Option<(bool, &'v Value)>, Problem> {
        match (self.take(element), self.take(negation)) {
            (None, None) => Ok(None),
            (Some(value), None) => Ok(Some((false, value))),
            (None, Some(value)) => Ok(Some((true, value))),
            (Some(_), Some(_)) => Err(malformed(negation, "absent where its opposite is present")),
        }
    }

    pub(super) fn finish(self) -> Result<(), Problem> {
        match self.object.keys().find(|name| !self.taken.contains(&name.as_str())) {
            Some(unknown) => Err(Problem::UnknownElement { element: unknown.clone() }),
            None => Ok(()),
        }
    }
}

/// One text, or a list of at least one.
pub(super) fn texts(value: &Value, element: &str) -> Result<Vec<String>, Problem> {
    list(value, element, |item| item.as_str().map(str::to_owned))
}

/// Like [`texts`], with numbers and Booleans, which need no quotes.
pub(super) fn scalars(value: &Value, element: &str) -> Result<Vec<String>, Problem> {
    list(value, element, |item| match item {
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(item.to_string()),
        _ => None,
    })
}

fn list(
    value: &Value,
    element: &str,
    read: impl Fn(&Value) -> Option<String>,
) -> Result<Vec<String>, Problem> {
    let items = match value {
        Value::Array(items) => items.as_slice(),
        single => std::slice::from_ref(single),
    };
    let texts: Option<Vec<String>> = items.iter().map(read).collect();
    texts.filter(|texts| !texts.is_empty()).ok_or_else(|| malformed(element, "one value, or a list of them"))
}

pub(super) fn malformed(element: &str, expected: &'static str) -> Problem {
    Problem::Malformed { element: element.to_owned(), expected }
}
