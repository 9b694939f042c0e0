//! Finds every part of a value that breaks a rule, once the value could not be read.
//!
//! A visitor of serde stops at the first failure, and only the whole type can be read again. So each part of the value
//! is tried by itself: the whole type reads a value in which nothing but this part is there, and what it says of the
//! part is the outcome. Only in what fails, the parts of the part are tried, so that the work is the size of the value
//! times the depth of the type. No visitor tells which members it misses but for the first; the type's schema does.

use std::collections::HashMap;

use schemars::generate::Contract;
use schemars::{JsonSchema, Schema};
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::value::RawValue;

use super::{Json, Unreadable, entries, raw_items};
use crate::describe::generator;

/// No more parts of a value are named than these.
pub(crate) const MOST_INVALID: usize = 100;

/// A part that breaks a rule.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Broken {
    /// A JSON pointer.
    pub(crate) place: String,
    pub(crate) why: Unreadable,
}

/// From a value to a part of it.
pub(super) enum Step<'de> {
    Member(String),
    /// A member whose name came before, with this value.
    Repeated {
        name: String,
        first: &'de RawValue,
    },
    Item(usize),
}

/// All parts of the text that break a rule, in their order, behind which those that an object misses. `error` is what
/// reading the whole has failed with.
pub(super) fn broken<T: DeserializeOwned + JsonSchema>(text: &str, error: Unreadable) -> Vec<Broken> {
    let schema = generator(Contract::Deserialize, true).subschema_for::<T>();
    let read = |json: Json<'_, '_>| T::deserialize(json).map(drop);
    let mut search = Search { read: &read, schema, steps: Vec::new(), found: Vec::new() };
    search.value(text, error);
    search.found
}

struct Search<'r, 'de> {
    /// Reads the whole type.
    read: &'r dyn for<'s> Fn(Json<'s, 'de>) -> Result<(), Unreadable>,
    schema: Schema,
    /// To the value that is being looked at.
    steps: Vec<Step<'de>>,
    found: Vec<Broken>,
}

impl<'de> Search<'_, 'de> {
    /// Names what is broken in a value that could not be read: parts of it, or else the value itself.
    fn value(&mut self, text: &'de str, error: Unreadable) {
        let before = self.found.len();
        match text.as_bytes().first() {
            Some(b'{') => self.members(text),
            Some(b'[') => self.items(text),
            _ => {}
        }
        if self.found.len() == before {
            self.report(error);
        }
    }

    fn items(&mut self, text: &'de str) {
        for (index, item) in raw_items(text).into_iter().flatten().enumerate() {
            if self.part(Step::Item(index), item).is_none() {
                break;
            }
        }
    }

    fn members(&mut self, text: &'de str) {
        let Ok(entries) = entries(text) else { return };
        // Of each name, the first value, or none once the member is named as broken.
        let mut first_values: HashMap<String, Option<&'de RawValue>> = HashMap::new();
        for (name, value) in entries {
            let step = match first_values.get(&name).copied() {
                None => Step::Member(name.clone()),
                Some(Some(first)) => Step::Repeated { name: name.clone(), first },
                Some(None) => continue,
            };
            let Some(is_broken) = self.part(step, value) else { break };
            first_values.insert(name, (!is_broken).then_some(value));
        }
        let missing: Vec<Unreadable> = required(self.schema.as_value(), &self.steps)
            .filter(|name| !first_values.contains_key(*name))
            .map(|name| Unreadable::MissingField(name.to_owned()))
            .collect();
        missing.into_iter().for_each(|missing| self.report(missing));
    }

    /// Tries a part, names what is broken in it, and says whether anything is. `None` if the type does not look at
    /// parts of this value, or if enough is named.
    fn part(&mut self, step: Step<'de>, value: &'de RawValue) -> Option<bool> {
        if self.found.len() == MOST_INVALID {
            return None;
        }
        let is_repetition = matches!(step, Step::Repeated { .. });
        self.steps.push(step);
        let outcome = (self.read)(Json { steps: &self.steps, text: value.get(), is_trial: true });
        let is_broken = match outcome {
            Err(Unreadable::Tried(Ok(()))) => Some(false),
            Err(Unreadable::Tried(Err(error))) => {
                self.value(value.get(), *error);
                Some(true)
            }
            Err(error @ Unreadable::RepeatedField(_)) if is_repetition => {
                self.report(error);
                Some(true)
            }
            _ => None,
        };
        self.steps.pop();
        is_broken
    }

    fn report(&mut self, why: Unreadable) {
        if self.found.len() < MOST_INVALID {
            self.found.push(Broken { place: place(&self.steps, &why), why });
        }
    }
}

/// serde reports unknown, repeated and missing members at their object or at the member itself; the place is that of
/// the member in both cases.
fn place(steps: &[Step<'_>], why: &Unreadable) -> String {
    let step = |step: &Step<'_>| match step {
        Step::Member(name) | Step::Repeated { name, .. } => pointer(name),
        Step::Item(index) => format!("/{index}"),
    };
    let place: String = steps.iter().map(step).collect();
    match why {
        Unreadable::UnknownField(name) | Unreadable::MissingField(name) | Unreadable::RepeatedField(name) => {
            let member = pointer(name);
            format!("{}{member}", place.strip_suffix(&member).unwrap_or(&place))
        }
        Unreadable::NotJson(_) | Unreadable::BrokenRule(_) | Unreadable::Tried(_) => place,
    }
}

fn pointer(name: &str) -> String {
    format!("/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// The members that the schema requires of the object at these steps.
fn required<'v>(schema: &'v Value, steps: &[Step<'_>]) -> impl Iterator<Item = &'v str> + use<'v> {
    let schema = steps.iter().try_fold(schema, |schema, step| match step {
        Step::Member(name) | Step::Repeated { name, .. } => schema["properties"].get(name),
        Step::Item(_) => schema.get("items"),
    });
    let names = schema.and_then(|schema| schema["required"].as_array());
    names.into_iter().flatten().filter_map(Value::as_str)
}
