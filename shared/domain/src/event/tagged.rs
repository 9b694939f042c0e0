//! Values that are passed on as they were written, since their kind may be newer than this version.

use std::borrow::Cow;
use std::fmt::Display;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::published::Publishable;

/// Why something that was written before is not understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// Another version has written it, and knows more than this one.
    #[error("{0} is not known to this version; deploy the version that wrote it")]
    Unknown(String),
    /// No version can read it.
    #[error("{0}")]
    Broken(String),
}

/// A type with kinds, to which later versions add others.
pub trait Kinds: DeserializeOwned {
    const KINDS: &'static [&'static str];
    /// What a value of the type is called in messages.
    const NOUN: &'static str;
}

/// A `T`, as the JSON object that it was written as, with its `kind`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(bound = "")]
pub struct Tagged<T> {
    kind: String,
    #[serde(flatten)]
    members: Map<String, Value>,
    #[serde(skip)]
    of: PhantomData<fn() -> T>,
}

impl<T: Kinds> Tagged<T> {
    /// The envelope carries it, so the id must be publishable.
    pub(crate) fn new(kind: &str, id: Option<impl Publishable + Display>) -> Tagged<T> {
        Tagged::with_id(kind, id.map(|id| id.to_string()))
    }

    pub(super) fn with_id(kind: &str, id: Option<String>) -> Tagged<T> {
        let members = id.map(|id| ("id".to_owned(), id.into())).into_iter().collect();
        Tagged { kind: kind.to_owned(), members, of: PhantomData }
    }

    /// Adds a member that only what is stored has.
    pub(crate) fn with_unpublished(mut self, name: &str, value: Option<String>) -> Tagged<T> {
        self.members.extend(value.map(|value| (name.to_owned(), value.into())));
        self
    }

    /// The part that may be published: the kind, and the id if there is one.
    #[must_use]
    pub fn published(&self) -> Tagged<T> {
        let id = self.members.get_key_value("id").map(|(name, id)| (name.clone(), id.clone()));
        Tagged { kind: self.kind.clone(), members: id.into_iter().collect(), of: PhantomData }
    }

    pub fn read(&self) -> Result<T, Unreadable> {
        if self.kind.is_empty() || !self.kind.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            return Err(Unreadable::Broken(format!("{:?} is no kind of {}", self.kind, T::NOUN)));
        }
        if !T::KINDS.contains(&self.kind.as_str()) || is_hidden(&self.kind) {
            return Err(Unreadable::Unknown(format!("the {} {}", T::NOUN, self.kind)));
        }
        let mut object = self.members.clone();
        object.insert("kind".to_owned(), self.kind.as_str().into());
        serde_json::from_value(object.into())
            .map_err(|error| Unreadable::Broken(format!("the {} cannot be read: {error}", T::NOUN)))
    }
}

/// Any kind, with any other members: what is published stays valid when a kind is added.
impl<T: Kinds> JsonSchema for Tagged<T> {
    fn schema_name() -> Cow<'static, str> {
        T::NOUN.into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "object",
            "required": ["kind"],
            "properties": {
                "kind": { "type": "string", "pattern": "^[A-Za-z]+$", "examples": T::KINDS },
                "id": { "type": "string", "pattern": "^[a-z]{3}_[0-9a-f]{32}$" },
            },
        })
    }
}

/// Whether this build acts as an older version: one that does not know this event or kind of aggregate. A
/// rolling deploy is tested with such builds of the relay and the consumers.
pub(super) fn is_hidden(name: &str) -> bool {
    cfg!(feature = "older") && ["order.cancelled", "product"].contains(&name)
}
