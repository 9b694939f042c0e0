//! What stands in paths and queries, where every value is a text.

use std::borrow::Cow;

use domain::id::OrderId;
use platform::stores::Version;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error};

#[derive(Debug, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderParameters {
    pub id: OrderId,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VersionParameter(pub Version);

impl<'de> Deserialize<'de> for VersionParameter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map(Self).map_err(D::Error::custom)
    }
}

impl JsonSchema for VersionParameter {
    fn schema_name() -> Cow<'static, str> {
        "VersionParameter".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "integer", "minimum": 1 })
    }
}
