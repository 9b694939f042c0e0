//! References of schemas to schemas that are shared by their names.

use serde_json::{Map, Value};

/// The prefix of a `$ref` to a named schema.
pub(crate) const SCHEMAS: &str = "#/components/schemas/";

/// The schema that this one refers to.
pub(crate) fn definition<'a>(schema: &Value, definitions: &'a Map<String, Value>) -> Option<&'a Value> {
    definitions.get(schema["$ref"].as_str()?.rsplit('/').next()?)
}
