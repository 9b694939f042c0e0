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

impl From<&Actor> for AskedActor {
    fn from(actor: &Actor) -> Self {
        match actor {
            Actor::User { id } => Self::User(*id),
            Actor::Operator { .. } => Self::Operators,
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
