use serde_json::Value;
use tests::journey::items;

use super::Probe;

pub(super) const PROBES: &[Probe] = &[("GET /notifications", |pair| {
    assert_eq!(items(&pair.stranger.admin.notifications()["items"]), [] as [Value; 0])
})];
