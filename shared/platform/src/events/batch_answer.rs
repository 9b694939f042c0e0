//! Partial batch responses.

use serde::Serialize;

/// The response to an event source that accepts partial batch responses: the items that are to be repeated.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BatchAnswer {
    batch_item_failures: Vec<ItemFailure>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ItemFailure {
    item_identifier: String,
}

impl FromIterator<String> for BatchAnswer {
    fn from_iter<I: IntoIterator<Item = String>>(failed: I) -> Self {
        let batch_item_failures =
            failed.into_iter().map(|item_identifier| ItemFailure { item_identifier }).collect();
        Self { batch_item_failures }
    }
}
