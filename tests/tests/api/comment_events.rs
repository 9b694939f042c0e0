//! What follows from comments, and from the end of their posts and authors.

use std::collections::BTreeMap;

use client::{Http, Member, eventually, id, items};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tests::comment_steps::{
    comment_on, counted, live_post, moderate, reply_to, reword, set_comments, shown, told,
};
use tests::journey::PASSWORD;
use tests::post_steps::{delete, unpublish};
use tests::{Tenant, World};

/// In all texts of the comments that are to go, and in nothing else.
const WORD: &str = "zyzzyva";

fn user(world: &World, tenant: &Tenant, name: &str, role: &str) -> Member {
    let user = tenant.admin.register(name, &tenant.address(name), role, PASSWORD).expect(201);
    world.anonymous().member(&tenant.slug, &user, PASSWORD)
}

/// Waits until the user was told of these comments, the newest first, and of no others.
#[track_caller]
fn wait_until_told(client: &Http, comments: &[&Value]) {
    let expected = ids(comments);
    eventually("a user who is told of comments", || (told(client) == expected).then_some(()));
}

fn ids(comments: &[&Value]) -> Vec<String> {
    comments.iter().map(|comment| id(comment).to_owned()).collect()
}

#[test]
fn a_comment_that_is_shown_is_told_once_to_authors_and_to_the_thread() {
    let world = World::start();
    let tenant = world.commenting_tenant("acme", &json!({}));
    let admin = &tenant.admin;
    let ann = user(&world, &tenant, "Ann", "author");
    let [max, mia, pia] = ["Max", "Mia", "Pia"].map(|name| tenant.member(&world.anonymous(), name));
    let post = live_post(&ann, "Commented");
    let approved = |comment: Value| moderate(admin, &comment, "approved").send().expect(200);
    let waits = comment_on(&max, &post, "Well said.").send().expect(201);
    world.wait_until_consumed();
    assert_eq!(told(&ann), Vec::<String>::new(), "it waits");
    let root = approved(waits);
    let elsewhere = approved(comment_on(&pia, &post, "Another thread.").send().expect(201));
    let reply = approved(reply_to(&mia, &root, "Indeed.").send().expect(201));
    let again = approved(reply_to(&mia, &reply, "And again.").send().expect(201));
    let own = approved(reply_to(&max, &root, "Thank you.").send().expect(201));
    wait_until_told(&ann, &[&own, &again, &reply, &elsewhere, &root]);
    world.wait_until_consumed();
    // Neither of the own ones nor of another thread.
    wait_until_told(&max, &[&again, &reply]);
    wait_until_told(&mia, &[&own]);
    for nobody in [&pia as &Http, admin] {
        assert_eq!(told(nobody), Vec::<String>::new());
    }
    let spam = moderate(admin, &own, "spam").send().expect(200);
    approved(spam);
    world.wait_until_consumed();
    assert_eq!((told(&ann).len(), told(&mia).len()), (5, 1), "approved again, and told already");
}

/// What is approved after an edit is another text than the one that people were told of.
#[test]
fn every_text_that_is_approved_is_told_once() {
    let world = World::start();
    let tenant = world.commenting_tenant("acme", &json!({}));
    let ann = user(&world, &tenant, "Ann", "author");
    let max = tenant.member(&world.anonymous(), "Max");
    let post = live_post(&ann, "Commented");
    let approved = |comment: &Value| moderate(&tenant.admin, comment, "approved").send().expect(200);
    let edited = |comment: &Value| reword(&max, comment, "Better said.").send().expect(200);
    let listening = |is_listening| world.cloud().set_enabled("FollowCommentsFunction", is_listening).unwrap();
    let [first, second, third] =
        ["Said.", "Well said.", "Said again."].map(|text| comment_on(&max, &post, text).send().expect(201));
    let first = approved(&first);
    wait_until_told(&ann, &[&first]);
    let first = approved(&edited(&first));
    wait_until_told(&ann, &[&first, &first]);

    // The message of the approval comes when the comment waits again.
    listening(false);
    let second = edited(&approved(&second));
    eventually("a message", || (world.messages_in("FollowCommentsQueue") > 0).then_some(()));
    listening(true);
    world.wait_until_consumed();
    assert_eq!(told(&ann).len(), 2);
    approved(&second);
    wait_until_told(&ann, &[&second, &first, &first]);

    // Both messages come when the second text is shown.
    listening(false);
    let third = approved(&edited(&approved(&third)));
    eventually("two messages", || (world.messages_in("FollowCommentsQueue") == 2).then_some(()));
    listening(true);
    world.wait_until_consumed();
    assert_eq!(told(&ann), ids(&[&third, &second, &first, &first]));
}

#[test]
fn who_may_not_see_the_post_any_more_is_told_nothing() {
    let world = World::start();
    let tenant = world.commenting_tenant("acme", &json!({ "premoderation": false }));
    let admin = &tenant.admin;
    let ann = user(&world, &tenant, "Ann", "author");
    let [max, mia, pia] = ["Max", "Mia", "Pia"].map(|name| tenant.member(&world.anonymous(), name));
    let post = live_post(&ann, "Commented");
    let root = comment_on(&max, &post, "Well said.").send().expect(201);
    let reply = reply_to(&mia, &root, "Indeed.").send().expect(201);
    wait_until_told(&max, &[&reply]);
    wait_until_told(&ann, &[&reply, &root]);
    let role = json!({ "name": "Writer", "permissions": ["comments:write"] });
    let role = admin.post("/roles", &role).send().expect(201);
    let roles = json!({ "roles": [id(&role)] });
    admin.update_user(&admin.user(&max.id), &roles).expect(200);
    let unread = reply_to(&mia, &root, "Nobody hears.").send().expect(201);
    wait_until_told(&ann, &[&unread, &reply, &root]);
    world.wait_until_consumed();
    assert_eq!(told(&max), ids(&[&reply]));

    set_comments(admin, true, &json!({ "premoderation": true }));
    let other = live_post(&ann, "Another");
    let root = comment_on(&mia, &other, "Well said.").send().expect(201);
    let root = moderate(admin, &root, "approved").send().expect(200);
    let waits = reply_to(&pia, &root, "I wait.").send().expect(201);
    let before = told(&mia);
    unpublish(&ann, &other).send().expect(200);
    moderate(admin, &waits, "approved").send().expect(200);
    // Its author sees a draft.
    eventually("the author is told", || (told(&ann)[0] == id(&waits)).then_some(()));
    world.wait_until_consumed();
    assert_eq!(told(&mia), before);
}

/// What the tenant's rows say of each comment, and how many rows hold the word.
fn stored(world: &World, tenant: &Tenant) -> (BTreeMap<String, usize>, usize) {
    let own = format!("T#{}#", tenant.id);
    let mut statuses = BTreeMap::new();
    let mut telling = 0;
    for row in world.scan() {
        let pk = row["pk"]["S"].as_str().unwrap().to_owned();
        let Some(partition) = pk.strip_prefix(&own) else { continue };
        telling += usize::from(row.to_string().contains(WORD));
        if partition.starts_with("comments#") {
            let state: Value = serde_json::from_str(row["doc"]["S"].as_str().unwrap()).unwrap();
            *statuses.entry(state["status"].as_str().unwrap().to_owned()).or_default() += 1;
        }
    }
    (statuses, telling)
}

#[test]
fn comments_go_with_their_post_page_by_page() {
    let world = World::start();
    let tenant = world.commenting_tenant("acme", &json!({ "premoderation": false }));
    let member = tenant.member(&world.anonymous(), "Max");
    let [post, kept] = ["Commented", "Kept"].map(|title| live_post(&tenant.admin, title));
    let root = comment_on(&member, &post, WORD).send().expect(201);
    for number in 0..30 {
        reply_to(&member, &root, &format!("{number} {WORD}")).send().expect(201);
    }
    comment_on(&member, &kept, "I stay.").send().expect(201);
    world.wait_until_consumed();
    assert_eq!(
        (stored(&world, &tenant), counted(&member, &post)),
        (([("approved".into(), 32)].into(), 31), json!(31))
    );
    delete(&tenant.admin, &post).send().expect(204);
    let expected = ([("approved".into(), 1), ("deleted".into(), 31)].into(), 0);
    eventually("comments without their post", || (stored(&world, &tenant) == expected).then_some(()));
    let counts: Vec<Value> = world.scan().into_iter().filter(|row| row["sk"]["S"] == post["id"]).collect();
    let count = counts.iter().find_map(|row| row["count"]["N"].as_str());
    assert_eq!((count, counted(&member, &kept)), (Some("0"), json!(1)));
    let mine = member.get("/me/comments").send().expect(200);
    assert_eq!(items(&mine["items"]).len(), 1);
}

#[test]
fn the_texts_of_a_deleted_user_go() {
    let world = World::start();
    let tenant = world.commenting_tenant("acme", &json!({ "premoderation": false }));
    let [max, mia] = ["Max", "Mia"].map(|name| tenant.member(&world.anonymous(), name));
    let posts = ["One", "Two"].map(|title| live_post(&tenant.admin, title));
    let roots = posts.each_ref().map(|post| comment_on(&max, post, WORD).send().expect(201));
    let reply = reply_to(&mia, &roots[0], "I stay.").send().expect(201);
    for number in 0..26 {
        comment_on(&max, &posts[1], &format!("{number} {WORD}")).send().expect(201);
    }
    world.wait_until_consumed();
    tenant.admin.delete_user(&tenant.admin.user(&max.id)).expect(204);
    let expected = ([("approved".into(), 1), ("deleted".into(), 28)].into(), 0);
    eventually("comments without their author", || (stored(&world, &tenant) == expected).then_some(()));
    let left = shown(&mia, &posts[0]);
    assert_eq!(left.iter().map(id).collect::<Vec<_>>(), [id(&roots[0]), id(&reply)]);
    assert_eq!(
        (&left[0]["body"], &left[0]["author"]),
        (&Value::Null, &Value::Null),
        "a place without a name"
    );
    assert_eq!(posts.each_ref().map(|post| counted(&mia, post)), [json!(1), json!(0)]);
}

/// What an authorizer has answered counts for a minute, so a user who was deleted may still write.
#[test]
fn what_a_deleted_user_writes_in_the_last_minute_goes_as_well() {
    let world = World::start();
    let tenant = world.commenting_tenant("acme", &json!({ "premoderation": false }));
    let max = tenant.member(&world.anonymous(), "Max");
    let post = live_post(&tenant.admin, "Commented");
    comment_on(&max, &post, WORD).send().expect(201);
    tenant.admin.delete_user(&tenant.admin.user(&max.id)).expect(204);
    eventually("what was there is gone", || (stored(&world, &tenant).1 == 0).then_some(()));
    comment_on(&max, &post, WORD).send().expect(201);
    world.wait_until_consumed();
    assert_eq!(counted(&tenant.admin, &post), json!(1));
    world.let_wait_pass(&tenant, "user.deleted");
    let expected = ([("deleted".into(), 2)].into(), 0);
    eventually("what came late is gone, too", || (stored(&world, &tenant) == expected).then_some(()));
    assert_eq!(counted(&tenant.admin, &post), json!(0));
    // Nothing waits any more.
    let waiting = world.scan_due().len();
    world.run_due(Timestamp::now() + SignedDuration::from_mins(5));
    world.wait_until_consumed();
    assert_eq!(world.scan_due().len(), waiting);
}
