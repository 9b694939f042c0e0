//! Comments on a post that was published a while ago.

use std::io::{Read, Write};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use client::id;
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tests::comment_steps::{
    comment_on, comments_of, delete_comment, live_post, moderate, reply_to, reword, set_comments,
};
use tests::{Tenant, World};

/// Lets the post be published at another time, as if it had been.
fn publish_at(world: &World, tenant: &Tenant, post: &Value, at: Timestamp) {
    let partition = format!("T#{}#post#{}", tenant.id, id(post));
    let of_post = world.scan().into_iter().filter(|row| row["pk"]["S"] == *partition);
    let mut newest = of_post.max_by_key(|row| row["sk"]["S"].as_str().map(str::to_owned)).unwrap();
    let stored = BASE64_STANDARD.decode(newest["state"]["B"].as_str().unwrap()).unwrap();
    let mut document = String::new();
    DeflateDecoder::new(&stored[1..]).read_to_string(&mut document).unwrap();
    let mut document: Value = serde_json::from_str(&document).unwrap();
    assert_eq!(document["stage"]["status"], "published");
    document["stage"]["at"] = json!(at.to_string());
    let mut deflated = DeflateEncoder::new(stored[..1].to_vec(), Compression::default());
    deflated.write_all(document.to_string().as_bytes()).unwrap();
    newest["state"]["B"] = json!(BASE64_STANDARD.encode(deflated.finish().unwrap()));
    world.put_row(&newest);
}

#[test]
fn comments_are_closed_so_many_days_after_the_publication() {
    let world = World::start();
    let rules = json!({ "premoderation": false, "closedAfterDays": 7 });
    let tenant = world.commenting_tenant("acme", &rules);
    let (admin, member) = (&tenant.admin, tenant.member(&world.anonymous(), "Max"));
    let post = live_post(admin, "Commented");
    let comment = comment_on(&member, &post, "Well said.").send().expect(201);
    let hours_ago = |hours| Timestamp::now() - SignedDuration::from_hours(hours);

    publish_at(&world, &tenant, &post, hours_ago(7 * 24 - 1));
    let last = comment_on(&member, &post, "Just in time.").send().expect(201);
    publish_at(&world, &tenant, &post, hours_ago(7 * 24 + 1));
    for request in [
        comment_on(&member, &post, "Too late."),
        comment_on(admin, &post, "Too late for moderators."),
        reply_to(&member, &comment, "Too late."),
        reword(&member, &comment, "Better said."),
    ] {
        let problem = request.send().problem(409, "conflict");
        assert!(problem["detail"].as_str().unwrap().contains("7 days"), "{problem}");
    }

    // They are still read, moderated and deleted.
    assert_eq!(member.get(&comments_of(&post)).send().expect(200)["items"].as_array().map(Vec::len), Some(2));
    moderate(admin, &comment, "spam").send().expect(200);
    delete_comment(&member, &last).send().expect(204);

    set_comments(admin, true, &json!({ "premoderation": false, "closedAfterDays": 8 }));
    comment_on(&member, &post, "Open for a day more.").send().expect(201);
}
