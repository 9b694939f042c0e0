//! What the API's views have in common.

use serde_json::Value;

/// The id that a view carries.
pub fn id(view: &Value) -> &str {
    view["id"].as_str().unwrap_or_else(|| panic!("no id in {view}"))
}

/// The members of a JSON array; none when it is no array.
pub fn items(list: &Value) -> &[Value] {
    list.as_array().map(Vec::as_slice).unwrap_or_default()
}
