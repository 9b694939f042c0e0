//! Requests about plugins that several tests send, and what they plant where time would have to pass.

use client::Http;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::due::make_older;
use crate::{Tenant, World};

pub const COMMENTS: &str = "/plugins/comments";

/// Activates or deactivates the comments, if they are not so already.
pub fn set_active(admin: &Http, active: bool) -> Value {
    let known = admin.get(COMMENTS).send().expect(200);
    admin.put(COMMENTS, &json!({ "active": active })).if_match(&known).send().expect(200)
}

/// Lets the comments be activated, and deactivated so long ago that nobody uses them any more.
pub fn leave(world: &World, tenant: &Tenant) -> Value {
    set_active(&tenant.admin, true);
    set_active(&tenant.admin, false);
    age(world, &tenant.id);
    tenant.admin.get(COMMENTS).send().expect(200)
}

/// Makes the last activation or deactivation of the comments an older one.
pub fn age(world: &World, tenant: &str) {
    let row = with_profile(world, tenant, |profile| {
        make_older(&mut profile["plugins"]["comments"]["since"]);
    });
    world.put_row(&row);
}

/// Lets the time pass for which the erasure of the comments waits, and the erasure begin.
pub fn begin_purge(world: &World, tenant: &Tenant) {
    let row = with_profile(world, &tenant.id, |profile| {
        make_older(&mut profile["plugins"]["comments"]["purgedSince"]);
    });
    world.put_row(&row);
    world.let_wait_pass(tenant, "plugin.purgeRequested");
}

/// What a version has left that knew the plugin `retired`: a request to erase its data, of which there is none any more. It
/// was made so long ago that nothing waits for it.
pub fn plant_purge(world: &World, tenant: &Tenant) {
    let millis = Timestamp::now().as_millisecond();
    let now = Timestamp::from_millisecond(millis).expect("now is a time");
    let at = now - SignedDuration::from_mins(10);
    let mut profile = with_profile(world, &tenant.id, |profile| {
        profile["plugins"]["retired"] =
            json!({ "active": false, "since": at, "installed": "1.0.0", "purgedSince": at });
    });
    let before: u64 = profile["version"]["N"].as_str().and_then(|text| text.parse().ok()).expect("a version");
    let version = before + 1;
    profile["version"]["N"] = json!(version.to_string());
    let event = json!({
        "id": format!("evt_{millis:012x}70008{}", &tenant.id[tenant.id.len() - 15..]),
        "type": "plugin.purgeRequested", "version": 1, "data": { "plugin": "retired" },
    });
    let actor = json!({ "kind": "user", "id": tenant.admin_id });
    let commit = json!({ "at": at, "actor": actor, "events": [event] }).to_string();
    let commit = json!({
        "pk": profile["pk"], "sk": { "S": format!("e#{version:010}") }, "commit": { "S": commit },
    });
    world.put_rows(vec![profile, commit]);
}

/// The row of the tenant's profile, changed.
fn with_profile(world: &World, tenant: &str, change: impl FnOnce(&mut Value)) -> Value {
    let partition = format!("T#{tenant}#tenant#{tenant}");
    let mut rows = world.scan().into_iter();
    let mut row = rows.find(|row| row["pk"]["S"] == partition && row["sk"]["S"] == "-").expect("a profile");
    let text = row["doc"]["S"].as_str().unwrap_or_default();
    let mut profile: Value = serde_json::from_str(text).expect("a document");
    change(&mut profile);
    row["doc"]["S"] = json!(profile.to_string());
    row
}
