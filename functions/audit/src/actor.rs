//! The parameter `actor`.

use std::borrow::Cow;

use domain::Actor;
use domain::id::UserId;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;

const OPERATOR: &str = "operator";

/// The actor whose events are asked for: a user by id, or the platform's operators, who share a list.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "String")]
pub enum AskedActor {
    User(UserId),
    Operators,
}

impl TryFrom<String> for AskedActor {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        match text.parse() {
            Ok(id) => Ok(Self::User(id)),
            Err(_) if text == OPERATOR => Ok(Self::Operators),
            Err(_) => Err("must be a user's id, usr_ and 32 lower-case hexadecimal digits, or operator"),
        }
    }
}

impl AskedActor {
    /// `None` for the platform, which has no list of its own.
    pub(crate) fn of(actor: &Actor) -> Option<Self> {
        match actor {
            Actor::User { id } => Some(Self::User(*id)),
            Actor::Operator { .. } => Some(Self::Operators),
            Actor::Platform => None,
        }
    }
}

impl JsonSchema for AskedActor {
    fn schema_name() -> Cow<'static, str> {
        "AskedActor".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({ "anyOf": [generator.subschema_for::<UserId>(), { "const": OPERATOR }] })
    }
}
