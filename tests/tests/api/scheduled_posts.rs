//! Posts that are published when their time has come, by the due ledger.

use std::collections::BTreeSet;

use client::{eventually, id, items};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tests::World;
use tests::post_steps::{draft, edit, path, schedule, unpublish};

fn soon() -> Timestamp {
    Timestamp::from_millisecond((Timestamp::now() + SignedDuration::from_secs(2)).as_millisecond()).unwrap()
}

/// Lets the clock's function run, as if it were two minutes later, until the post is as expected.
fn run_until(world: &World, what: &str, mut is_met: impl FnMut() -> bool) {
    eventually(what, || {
        world.run_due(Timestamp::now() + SignedDuration::from_mins(2));
        world.wait_until_consumed();
        is_met().then_some(())
    });
}

#[test]
fn a_scheduled_post_is_published_once_when_its_time_has_come() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let at = soon();
    let post = draft(&tenant.admin, "Soon");
    let scheduled = schedule(&tenant.admin, &post, &at.to_string()).send().expect(200);
    // An edit meanwhile is published with it.
    let edited = edit(&tenant.admin, &scheduled, &json!({ "excerpt": "In short." })).send().expect(200);
    assert_eq!(edited["status"], json!("scheduled"));
    world.wait_until_consumed();
    assert_eq!(world.scan_due().len(), 1);
    let shown = || tenant.admin.get(&path(&post)).send().expect(200);
    run_until(&world, "a post that is published", || shown()["status"] == json!("published"));
    let published = shown();
    let time: Timestamp = published["publishedAt"].as_str().unwrap().parse().unwrap();
    assert_eq!((time, &published["excerpt"]), (at, &json!("In short.")));

    world.run_due(Timestamp::now() + SignedDuration::from_mins(2));
    world.wait_until_consumed();
    assert_eq!(shown(), published, "the due event comes again, and changes nothing");
    let history = tenant.admin.get(&format!("{}/events", path(&post))).send().expect(200);
    let published: Vec<&Value> =
        items(&history["items"]).iter().filter(|event| event["type"] == "post.published").collect();
    assert_eq!(published.len(), 1);
    assert_eq!(published[0]["actor"], json!({ "kind": "platform" }));
}

/// However long the tenant's table is out of reach: a queue would give up after twenty attempts.
#[test]
fn a_publication_that_fails_is_tried_again_by_the_clock() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let post = draft(&tenant.admin, "Soon");
    schedule(&tenant.admin, &post, &soon().to_string()).send().expect(200);
    world.wait_until_consumed();
    world.fail("PutItem", &format!("T#{}#post#{}", tenant.id, id(&post)));
    let minutes = || -> BTreeSet<String> {
        world.scan_due().iter().map(|item| item["pk"]["S"].as_str().unwrap().to_owned()).collect()
    };
    let first = minutes();
    run_until(&world, "another minute for it", || minutes() != first);
    assert_eq!(tenant.admin.get(&path(&post)).send().expect(200)["status"], "scheduled");
    world.clear_faults();
    run_until(&world, "a post that is published", || {
        tenant.admin.get(&path(&post)).send().expect(200)["status"] == "published"
    });
}

#[test]
fn a_publication_that_was_put_off_or_called_off_does_not_take_place() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let at = soon();
    let scheduled = ["Put off", "Called off", "On time"].map(|title| {
        let post = draft(&tenant.admin, title);
        schedule(&tenant.admin, &post, &at.to_string()).send().expect(200)
    });
    let [put_off, called_off, on_time] = &scheduled;
    let later = Timestamp::from_second(at.as_second() + 3_600).unwrap().to_string();
    schedule(&tenant.admin, put_off, &later).send().expect(200);
    unpublish(&tenant.admin, called_off).send().expect(200);
    let status = |post: &Value| tenant.admin.get(&path(post)).send().expect(200)["status"].clone();
    run_until(&world, "the post that is on time", || status(on_time) == json!("published"));
    assert_eq!((status(put_off), status(called_off)), (json!("scheduled"), json!("draft")));
}
