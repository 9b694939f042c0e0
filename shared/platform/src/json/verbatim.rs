//! Values that are kept as they were sent.

use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::{Deserialize, Deserializer, Error, Visitor};

/// By this name, the reader knows that it is asked for the text of a value, and not for the value.
pub(super) const VERBATIM: &str = "Verbatim";

/// The text of a JSON object, which is read later as a type that another part of the request names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verbatim(String);

impl Verbatim {
    pub(crate) fn text(&self) -> &str {
        &self.0
    }
}

struct TextVisitor;

impl Visitor<'_> for TextVisitor {
    type Value = Verbatim;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Verbatim, E> {
        match text.starts_with('{') {
            true => Ok(Verbatim(text.to_owned())),
            false => Err(E::custom("must be an object")),
        }
    }
}

impl<'de> Deserialize<'de> for Verbatim {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Verbatim, D::Error> {
        deserializer.deserialize_newtype_struct(VERBATIM, TextVisitor)
    }
}

impl JsonSchema for Verbatim {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Verbatim".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        schemars::json_schema!({ "type": "object" })
    }
}
