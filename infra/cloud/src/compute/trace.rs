//! X-Ray trace ids: generated, never sent anywhere.

use std::time::{SystemTime, UNIX_EPOCH};

/// `1-<time>-<random>`, as an `x-amzn-trace-id` header's `Root`.
pub(crate) fn root() -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let random = uuid::Uuid::new_v4().simple().to_string();
    format!("1-{seconds:08x}-{}", &random[..24])
}

/// What the Runtime API hands a function.
pub(super) fn header() -> String {
    let parent = uuid::Uuid::new_v4().simple().to_string();
    format!("Root={};Parent={};Sampled=0", root(), &parent[..16])
}
