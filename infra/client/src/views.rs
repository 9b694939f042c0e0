//! Accessors for the fields that all views of the API share.

use serde_json::Value;

pub fn id(view: &Value) -> &str {
    view["id"].as_str().unwrap_or_else(|| panic!("the view has no id: {view}"))
}

/// The elements of a JSON array, or none if the value is not an array.
pub fn items(list: &Value) -> &[Value] {
    list.as_array().map(Vec::as_slice).unwrap_or_default()
}
