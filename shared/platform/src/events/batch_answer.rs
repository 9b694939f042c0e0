//! The answer to an event source.

use serde::Serialize;

/// What a function answers to an event source that takes partial failures.
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
