//! How moderators decide about many comments, and about what they have not read.

use std::time::Duration;

use client::{Http, id, items};
use serde_json::{Value, json};
use tests::World;
use tests::comment_steps::{
    comment_on, comment_path, counted, delete_comment, live_post, moderate, moderate_all, reword, shown,
};
use tests::order_steps::all_pages;
use tests::post_steps::{listed, unpublish};

use super::roles::{registered, role, signed_in};

fn ids(comments: &[Value]) -> Vec<&str> {
    comments.iter().map(id).collect()
}

#[test]
fn many_comments_are_moderated_at_once_with_a_result_for_each() {
    let world = World::start();
    let tenant = world.commenting_tenant("acme", &json!({}));
    let member = tenant.member(&world.anonymous(), "Max");
    let posts = ["One", "Two"].map(|title| live_post(&tenant.admin, title));
    let pending: Vec<Value> = (0..6)
        .map(|number| comment_on(&member, &posts[number % 2], &format!("Number {number}")).send().expect(201))
        .collect();
    let queue = all_pages(&tenant.admin, "/comments?status=pending&limit=4");
    let newest: Vec<&str> = pending.iter().rev().map(id).collect();
    assert_eq!(ids(&queue), newest);
    delete_comment(&member, &pending[5]).send().expect(204);
    let unknown = json!({ "id": "cmt_0190b5b4a3b27c10b5a58d0a3b8a1c2d", "version": 1 });
    let sent: Vec<&Value> = pending.iter().chain([&unknown]).collect();
    let named: Vec<&str> = sent.iter().map(|comment| id(comment)).collect();
    let send = || moderate_all(&tenant.admin, &sent, "approved").header("idempotency-key", "bulk").send();
    let answer = send();
    let done = answer.expect(200);
    let outcomes: Vec<(&str, &Value, &Value)> = items(&done["items"])
        .iter()
        .map(|item| (item["id"].as_str().unwrap(), &item["version"], &item["problem"]["status"]))
        .collect();
    let (none, two, gone) = (Value::Null, json!(2), json!(404));
    let expected: Vec<(&str, &Value, &Value)> = named
        .iter()
        .enumerate()
        .map(|(at, id)| if at < 5 { (*id, &two, &none) } else { (*id, &none, &gone) })
        .collect();
    assert_eq!(outcomes, expected);
    assert_eq!(posts.each_ref().map(|post| counted(&member, post)), [json!(3), json!(2)]);
    let again = send();
    assert_eq!((again.expect(200), again.header("idempotency-replayed")), (done, Some("true")));
    let approved = member.get(&comment_path(&pending[0])).send().expect(200);
    let refused = moderate_all(&tenant.admin, &[&approved], "approved").send().expect(200);
    assert_eq!(refused["items"][0]["problem"]["status"], json!(409));
    assert_eq!(counted(&member, &posts[0]), json!(3));
}

/// The queue is a while old when a moderator has read it.
#[test]
fn what_was_edited_since_a_moderator_has_read_it_is_not_approved() {
    let world = World::start();
    let tenant = world.commenting_tenant("acme", &json!({}));
    let [max, mia] = ["Max", "Mia"].map(|name| tenant.member(&world.anonymous(), name));
    let post = live_post(&tenant.admin, "Commented");
    let [edited, kept] =
        ["Well said.", "Indeed."].map(|text| comment_on(&max, &post, text).send().expect(201));
    let queue = all_pages(&tenant.admin, "/comments?status=pending");
    let unseen = reword(&max, &edited, "Buy my things.").send().expect(200);
    let read: Vec<&Value> = queue.iter().collect();
    assert_eq!(read, [&kept, &edited]);
    let outcome = moderate_all(&tenant.admin, &read, "approved").send().expect(200)["items"].take();
    let [approved, refused] = items(&outcome) else { panic!("{outcome}") };
    assert_eq!((approved["version"].as_u64(), &approved["problem"]), (Some(2), &Value::Null));
    assert_eq!((id(refused), &refused["problem"]["status"]), (id(&edited), &json!(409)));
    assert!(refused["problem"]["detail"].as_str().unwrap().contains("read it again"), "{refused}");
    assert_eq!(ids(&shown(&mia, &post)), [id(&kept)]);
    let queue = all_pages(&tenant.admin, "/comments?status=pending");
    assert_eq!(queue, std::slice::from_ref(&unseen));
    let now_seen = moderate_all(&tenant.admin, &[&unseen], "approved").send().expect(200);
    assert_eq!(now_seen["items"][0]["version"], json!(3));
    assert_eq!(counted(&mia, &post), json!(2));
}

/// Who moderates sees drafts no more than others do.
#[test]
fn a_moderator_decides_about_comments_on_what_the_moderator_may_read() {
    let world = World::start();
    let tenant = world.commenting_tenant("acme", &json!({}));
    let moderating = role(&tenant, "Moderator", &["posts:read", "comments:moderate"]);
    let moderator = signed_in(&world, &registered(&tenant, "Mo", &[&moderating]));
    let max = tenant.member(&world.anonymous(), "Max");
    let posts = ["Live", "Hidden"].map(|title| live_post(&tenant.admin, title));
    let [seen, hidden] = posts.each_ref().map(|post| comment_on(&max, post, "Well said.").send().expect(201));
    let queue = |client: &Http| all_pages(client, "/comments?status=pending");
    assert_eq!(queue(&moderator), [hidden.clone(), seen.clone()]);
    let back = unpublish(&tenant.admin, &posts[1]).send().expect(200);
    listed(&tenant.admin, "/posts?order=created", &back, true);
    assert_eq!(queue(&moderator), std::slice::from_ref(&seen));
    assert_eq!(queue(&tenant.admin), [hidden.clone(), seen.clone()]);
    moderator.get(&comment_path(&hidden)).send().problem(404, "not-found");
    moderate(&moderator, &hidden, "approved").send().problem(404, "not-found");
    let outcome = moderate_all(&moderator, &[&hidden, &seen], "approved").send().expect(200);
    assert_eq!(
        (&outcome["items"][0]["problem"]["status"], &outcome["items"][1]["version"]),
        (&json!(404), &json!(2))
    );
    assert_eq!(queue(&tenant.admin), [hidden]);
}

/// What has become of the comment in each answer, beginning with the one that has changed it.
fn outcomes(answers: &[Value], comment: &Value) -> Vec<(Value, Value)> {
    let of_it = |answer: &Value| {
        let item = items(&answer["items"]).iter().find(|item| item["id"] == comment["id"]).unwrap().clone();
        (item["version"].clone(), item["problem"]["status"].clone())
    };
    let mut all: Vec<_> = answers.iter().map(of_it).collect();
    all.sort_by_key(|(version, _)| version.is_null());
    all
}

#[test]
fn of_two_moderations_of_the_same_comments_each_is_decided_and_counted_once() {
    let world = World::start();
    let tenant = world.commenting_tenant("acme", &json!({}));
    let max = tenant.member(&world.anonymous(), "Max");
    let posts = ["One", "Two"].map(|title| live_post(&tenant.admin, title));
    let pending: Vec<Value> = (0..8)
        .map(|number| comment_on(&max, &posts[number % 2], &format!("Number {number}")).send().expect(201))
        .collect();
    let read: Vec<&Value> = pending.iter().collect();
    let backwards: Vec<&Value> = pending.iter().rev().collect();
    let answers = std::thread::scope(|scope| {
        let both = [&read, &backwards].map(|comments| {
            scope.spawn(|| moderate_all(&tenant.admin, comments, "approved").send().expect(200))
        });
        both.map(|one| one.join().unwrap())
    });
    for comment in &pending {
        let expected = [(json!(2), Value::Null), (Value::Null, json!(409))];
        assert_eq!(outcomes(&answers, comment), expected, "{answers:?}");
    }
    assert_eq!(posts.each_ref().map(|post| counted(&max, post)), [json!(4), json!(4)]);
}

/// The status of the write that is held back until the other is done, and of that one.
fn held(world: &World, partition: &str, held: impl Fn() -> u64 + Sync, other: impl Fn() -> u64) -> [u64; 2] {
    world.delay_a_write(partition, Duration::from_secs(1));
    let statuses = std::thread::scope(|scope| {
        let held = scope.spawn(&held);
        world.wait_until_a_write_is_held();
        let other = other();
        [held.join().unwrap(), other]
    });
    world.clear_faults();
    statuses
}

#[test]
fn of_an_approval_and_an_edit_of_one_version_one_wins_and_nothing_unseen_is_shown() {
    let world = World::start();
    let tenant = world.commenting_tenant("acme", &json!({}));
    let [max, mia] = ["Max", "Mia"].map(|name| tenant.member(&world.anonymous(), name));
    let post = live_post(&tenant.admin, "Commented");
    for is_approved in [true, false] {
        let comment = comment_on(&max, &post, "Well said.").send().expect(201);
        let partition = format!("T#{}#comment#{}", tenant.id, id(&comment));
        let approve = || {
            let answer = moderate_all(&tenant.admin, &[&comment], "approved").send().expect(200);
            answer["items"][0]["problem"]["status"].as_u64().unwrap_or(200)
        };
        let edit = || u64::from(reword(&max, &comment, "Buy my things.").send().status);
        let statuses = match is_approved {
            true => held(&world, &partition, edit, approve),
            false => held(&world, &partition, approve, edit),
        };
        assert_eq!(statuses, [409, 200], "{is_approved}");
    }
    let seen = shown(&mia, &post);
    assert!(seen.iter().all(|comment| comment["body"] == "Well said."), "{seen:?}");
    assert_eq!((seen.len(), counted(&mia, &post)), (1, json!(1)));
}
