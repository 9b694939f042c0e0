use serde_json::json;
use tests::journey::notification_count;

use super::Probe;

pub(super) const PROBES: &[Probe] = &[("GET /bff/dashboard", |pair| {
    let dashboard = pair.stranger.admin.dashboard();
    assert_eq!(dashboard["user"]["id"], pair.stranger.admin_id);
    assert_eq!((&dashboard["recentOrders"], notification_count(&dashboard)), (&json!([]), 0));
    assert_eq!(dashboard["notifications"]["unread"], 0);
})];
