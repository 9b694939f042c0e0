//! X-Ray trace ids, which are generated and sent nowhere.

use std::time::{SystemTime, UNIX_EPOCH};

/// `1-<time>-<random>`, as in the `Root` of an `x-amzn-trace-id` header.
pub(crate) fn root() -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let random = crate::ids::new_uuid().simple().to_string();
    format!("1-{seconds:08x}-{}", &random[..24])
}

/// The header that the Runtime API gives a function.
pub(super) fn header() -> String {
    let parent = crate::ids::new_uuid().simple().to_string();
    format!("Root={};Parent={};Sampled=0", root(), &parent[..16])
}
