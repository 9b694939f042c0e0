//! What becomes of the data of a plugin: it waits while the plugin is not active, and is erased on request.

use std::collections::BTreeSet;

use client::{eventually, id, items};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tests::comment_steps::{comment_on, counted, live_post, shown};
use tests::plugin_steps::{COMMENTS, age, begin_purge, leave, set_active};
use tests::{Tenant, World};

use super::plugins::{anew, commented, state};

const DATA: &str = "/plugins/comments/data?confirm=comments";

/// The partitions of the plugin's module, without the tenant.
const OF_COMMENTS: [&str; 5] = ["comment#", "comments", "comments#", "commentsby", "commentcounts"];

/// The tenant's rows: those of comments as they are, and the keys of all others but the receipts, the audit and the
/// tenant's own.
fn rows(world: &World, tenant: &Tenant) -> (BTreeSet<String>, BTreeSet<String>) {
    let prefix = format!("T#{}#", tenant.id);
    let (mut own, mut others) = (BTreeSet::new(), BTreeSet::new());
    for row in world.scan() {
        let Some(partition) = row["pk"]["S"].as_str().unwrap().strip_prefix(&prefix) else { continue };
        let name = partition.split_once('#').map_or(partition.to_owned(), |(name, _)| format!("{name}#"));
        let key = format!("{partition} {}", row["sk"]["S"]);
        match name.as_str() {
            name if OF_COMMENTS.contains(&name) => drop(own.insert(row.to_string())),
            "audit" | "audit#" | "tenant#" | "sessions#" | "signins#" => {}
            _ => drop(others.insert(key)),
        }
    }
    (own, others)
}

/// What was deleted meanwhile would be shown again by an activation.
#[test]
fn what_has_to_go_goes_while_the_plugin_is_not_active() {
    let world = World::start();
    let (tenant, post) = commented(&world, "acme");
    let client = anew(&world, &tenant);
    let author = tenant.member(&world.anonymous(), "Max");
    let other = live_post(&client, "What we learn next");
    comment_on(&author, &other, "A word of Max.").send().expect(201);
    world.wait_until_consumed();
    let texts = || rows(&world, &tenant).0.iter().filter(|row| row.contains(r#"\"text\""#)).count();
    assert_eq!(texts(), 3);
    set_active(&tenant.admin, false);
    tests::post_steps::delete(&tenant.admin, &post).send().expect(204);
    tenant.admin.delete_user(&tenant.admin.user(&author.id)).expect(204);
    eventually("comments without their post and their author", || (texts() == 0).then_some(()));
    set_active(&tenant.admin, true);
    let client = anew(&world, &tenant);
    assert!(shown(&client, &other).iter().all(|comment| comment["body"].is_null()), "places without a text");
    assert_eq!(counted(&client, &other), json!(0));
}

/// An event that a consumer of an inactive plugin is handed late tells nobody of what is not shown.
#[test]
fn nobody_is_told_of_comments_while_the_plugin_is_not_active() {
    let world = World::start();
    let tenant = world.commenting_tenant("acme", &json!({ "premoderation": false }));
    let author = tenant.member(&world.anonymous(), "Max");
    let post = live_post(&tenant.admin, "What we have learned");
    let told = || items(&tenant.admin.notifications()["items"]).len();
    world.cloud().set_enabled("FollowCommentsFunction", false).unwrap();
    comment_on(&author, &post, "First!").send().expect(201);
    set_active(&tenant.admin, false);
    world.cloud().set_enabled("FollowCommentsFunction", true).unwrap();
    world.wait_until_consumed();
    assert_eq!(told(), 0);
    set_active(&tenant.admin, true);
    comment_on(&author, &post, "Second.").send().expect(201);
    eventually("who is told", || (told() == 1).then_some(()));
}

#[test]
fn what_is_erased_is_named_left_first_and_not_used_any_more() {
    let world = World::start();
    let (tenant, _) = commented(&world, "acme");
    let purge = |query: &str, known: &Value| {
        tenant.admin.delete(&format!("/plugins/comments/data{query}")).if_match(known).send()
    };
    let active = state(&tenant.admin);
    for wrong in ["", "?confirm=", "?confirm=comment", "?confirm=Comments", "?confirm=yes"] {
        let refused = purge(wrong, &active).problem(422, "validation");
        assert_eq!(refused["errors"][0]["field"], "/confirm", "{wrong}: {refused}");
    }
    let refused = purge("?confirm=comments", &active).problem(409, "conflict");
    assert_eq!(refused["detail"], "The plugin comments is active; deactivate it first.");
    let left = set_active(&tenant.admin, false);
    let refused = purge("?confirm=comments", &left).problem(409, "conflict");
    assert!(refused["detail"].as_str().unwrap().contains("was changed a moment ago"), "{refused}");
    age(&world, &tenant.id);
    let left = state(&tenant.admin);
    let stale = json!({ "version": 1 });
    purge("?confirm=comments", &stale).problem(412, "precondition-failed");
    tenant.admin.delete(DATA).send().problem(428, "precondition-required");
    assert_eq!(state(&tenant.admin), left, "nothing was done");
    let empty = world.tenant("globex");
    let known = state(&empty.admin);
    let nothing = empty.admin.delete(DATA).if_match(&known).send().problem(409, "conflict");
    assert_eq!(nothing["detail"], "The plugin comments has no data.");
}

#[test]
fn an_erasure_takes_all_of_the_plugin_and_nothing_else() {
    let world = World::start();
    let ((tenant, _), (other, _)) = (commented(&world, "acme"), commented(&world, "globex"));
    let configured = json!({ "active": false, "configuration": { "blockedWords": ["spam"] } });
    let known = state(&tenant.admin);
    tenant.admin.put(COMMENTS, &configured).if_match(&known).send().expect(200);
    age(&world, &tenant.id);
    world.wait_until_consumed();
    let ((own, others), of_other) = (rows(&world, &tenant), rows(&world, &other));
    assert!(own.len() > 5, "{own:?}");
    let asked = tenant.admin.delete(DATA).if_match(&state(&tenant.admin)).send().expect(202);
    assert!(asked["purgedSince"].is_string(), "{asked}");
    // Nothing happens to the plugin meanwhile.
    for active in [true, false] {
        let body = json!({ "active": active });
        let refused = tenant.admin.put(COMMENTS, &body).if_match(&asked).send().problem(409, "conflict");
        let detail = refused["detail"].as_str().unwrap();
        let begin = "The data of the plugin comments is being erased; wait until that is done. If";
        assert!(detail.starts_with(begin) && detail.ends_with(", ask for the erasure again."), "{refused}");
    }
    tenant.admin.delete(DATA).if_match(&asked).send().problem(409, "conflict");
    begin_purge(&world, &tenant);
    let done = eventually("the erasure is done", || {
        Some(state(&tenant.admin)).filter(|shown| shown["purgedSince"].is_null())
    });
    assert_eq!((&done["installed"], &done["active"]), (&Value::Null, &json!(false)));
    assert_ne!(done["configuration"]["blockedWords"], json!(["spam"]));
    world.wait_until_consumed();
    let (own_left, mut others_left) = rows(&world, &tenant);
    assert_eq!(own_left, BTreeSet::new());
    let configuration = "plugins \"comments\"".to_owned();
    assert!(others.contains(&configuration) && others_left.insert(configuration));
    assert_eq!(others_left, others);
    assert_eq!(rows(&world, &other), of_other);
    // It begins anew.
    set_active(&tenant.admin, true);
    let listed = anew(&world, &tenant).get("/comments").send().expect(200);
    assert_eq!(listed["items"], json!([]));
}

#[test]
fn an_erasure_that_comes_again_erases_nothing_new() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let left = leave(&world, &tenant);
    tenant.admin.delete(DATA).if_match(&left).send().expect(202);
    begin_purge(&world, &tenant);
    eventually("the erasure is done", || state(&tenant.admin)["installed"].is_null().then_some(()));
    set_active(&tenant.admin, true);
    let client = anew(&world, &tenant);
    let post = live_post(&client, "What we have learned");
    let comment = comment_on(&client, &post, "First!").send().expect(201);
    world.wait_until_consumed();
    let before = rows(&world, &tenant).0;
    world.run_due(Timestamp::now() + SignedDuration::from_mins(5));
    world.wait_until_consumed();
    assert_eq!(world.messages_in("PurgePluginsDeadLetterQueue"), 0);
    assert_eq!(rows(&world, &tenant).0, before);
    client.get(&format!("/comments/{}", id(&comment))).send().expect(200);
}

#[test]
fn an_interrupted_erasure_goes_on() {
    let world = World::start();
    let (tenant, _) = commented(&world, "acme");
    set_active(&tenant.admin, false);
    age(&world, &tenant.id);
    world.fail_times("TransactWriteItems", &format!("T#{}#comment", tenant.id), 2);
    world.cloud().services().override_visibility_timeout(std::time::Duration::from_secs(1));
    tenant.admin.delete(DATA).if_match(&state(&tenant.admin)).send().expect(202);
    begin_purge(&world, &tenant);
    eventually("the erasure is done", || state(&tenant.admin)["installed"].is_null().then_some(()));
    assert_eq!(rows(&world, &tenant).0, BTreeSet::new());
}

/// A page that has passed the gate before the request may write until its function's time is over.
#[test]
fn an_erasure_waits_until_nothing_is_under_way() {
    let world = World::start();
    let (tenant, _) = commented(&world, "acme");
    set_active(&tenant.admin, false);
    age(&world, &tenant.id);
    let before = rows(&world, &tenant).0;
    tenant.admin.delete(DATA).if_match(&state(&tenant.admin)).send().expect(202);
    eventually("the erasure waits", || (world.scan_due().len() == 1).then_some(()));
    world.run_due(Timestamp::now() + SignedDuration::from_mins(5));
    world.wait_until_consumed();
    assert_eq!(rows(&world, &tenant).0, before);
    begin_purge(&world, &tenant);
    eventually("the erasure is done", || state(&tenant.admin)["installed"].is_null().then_some(()));
    assert_eq!(rows(&world, &tenant).0, BTreeSet::new());
}
