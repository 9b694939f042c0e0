use serde_json::json;

use super::Call;
use crate::plugin_steps::{COMMENTS, leave, set_active};

pub(super) const CALLS: &[Call] = &[
    ("GET /plugins", "", 2, |fixture| {
        Box::new(|| drop(fixture.tenant.admin.get("/plugins").send().expect(200)))
    }),
    ("GET /plugins/{name}", "", 2, |fixture| {
        Box::new(|| drop(fixture.tenant.admin.get(COMMENTS).send().expect(200)))
    }),
    ("PUT /plugins/{name}", "", 3, |fixture| {
        let known = set_active(&fixture.tenant.admin, false);
        let change = json!({ "active": true });
        Box::new(move || {
            drop(fixture.tenant.admin.put(COMMENTS, &change).if_match(&known).send().expect(200));
        })
    }),
    ("PUT /plugins/{name}", "with a configuration", 3, |fixture| {
        let known = set_active(&fixture.tenant.admin, true);
        let change = json!({ "active": true, "configuration": {} });
        Box::new(move || {
            drop(fixture.tenant.admin.put(COMMENTS, &change).if_match(&known).send().expect(200));
        })
    }),
    ("DELETE /plugins/{name}/data", "", 3, |fixture| {
        let tenant = fixture.world.tenant(&fixture.unique("purged-"));
        let known = leave(&fixture.world, &tenant);
        Box::new(move || {
            let purge = tenant.admin.delete("/plugins/comments/data?confirm=comments");
            drop(purge.if_match(&known).send().expect(202));
        })
    }),
];
