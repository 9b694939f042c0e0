//! What stands in paths and queries, where every value is a text.

use std::borrow::Cow;

use domain::id::OrderId;
use jiff::Timestamp;
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

/// A point in time, with the offset that it is told in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment(pub Timestamp);

impl<'de> Deserialize<'de> for VersionParameter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map(Self).map_err(D::Error::custom)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let rule = "must be a time of RFC 3339 like 2026-03-04T05:06:07Z";
        text.parse().map(Self).map_err(|_| D::Error::custom(rule))
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

impl JsonSchema for Moment {
    fn schema_name() -> Cow<'static, str> {
        "Moment".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date-time", "examples": ["2026-03-04T05:06:07Z"] })
    }
}
