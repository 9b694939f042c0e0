//! Requests about posts that several tests send.

use client::{Http, Request, eventually, id, items};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

pub const MARKDOWN: &str = "A year of *small* steps.";

pub fn write<'a>(client: &'a Http, title: &str, more: &Value) -> Request<'a> {
    let mut body = json!({ "title": title, "markdown": MARKDOWN });
    for (name, value) in more.as_object().into_iter().flatten() {
        body[name] = value.clone();
    }
    client.post("/posts", &body)
}

pub fn draft(client: &Http, title: &str) -> Value {
    write(client, title, &json!({})).send().expect(201)
}

pub fn path(post: &Value) -> String {
    format!("/posts/{}", id(post))
}

pub fn edit<'a>(client: &'a Http, post: &Value, changes: &Value) -> Request<'a> {
    client.patch(&path(post), changes).if_match(post)
}

pub fn publish<'a>(client: &'a Http, post: &Value) -> Request<'a> {
    client.put(&format!("{}/publication", path(post)), &json!({})).if_match(post)
}

pub fn schedule<'a>(client: &'a Http, post: &Value, at: &str) -> Request<'a> {
    client.put(&format!("{}/publication", path(post)), &json!({ "at": at })).if_match(post)
}

pub fn unpublish<'a>(client: &'a Http, post: &Value) -> Request<'a> {
    client.delete(&format!("{}/publication", path(post))).if_match(post)
}

pub fn restore<'a>(client: &'a Http, post: &Value, version: u64) -> Request<'a> {
    client.post(&format!("{}/restoration", path(post)), &json!({ "version": version })).if_match(post)
}

pub fn delete<'a>(client: &'a Http, post: &Value) -> Request<'a> {
    client.delete(&path(post)).if_match(post)
}

/// Publishes many posts now.
pub fn publish_all<'a>(client: &'a Http, ids: &[String]) -> Request<'a> {
    client.post("/posts/publications", &json!({ "posts": ids }))
}

/// Adds a tag to many posts, or removes it.
pub fn tag_all<'a>(client: &'a Http, ids: &[String], tag: &str, change: &str) -> Request<'a> {
    client.post("/posts/taggings", &json!({ "posts": ids, "tag": tag, "change": change }))
}

/// The time in so many days, in whole seconds.
pub fn in_days(days: i64) -> String {
    let then = Timestamp::now() + SignedDuration::from_hours(24 * days);
    Timestamp::from_second(then.as_second()).unwrap_or(then).to_string()
}

/// Waits until the list, as the client sees it, has the post at its version or has it no more.
pub fn listed(client: &Http, list: &str, post: &Value, is_there: bool) {
    let is_as_changed = |row: &Value| row["id"] == post["id"] && row["changedAt"] == post["changedAt"];
    eventually("a list of posts that is up to date", || {
        let page = client.get(list).send().expect(200);
        let rows = items(&page["items"]);
        let holds = match is_there {
            true => rows.iter().any(is_as_changed),
            false => rows.iter().all(|row| row["id"] != post["id"]),
        };
        holds.then_some(())
    });
}
