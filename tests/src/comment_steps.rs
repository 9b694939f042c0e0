//! Requests about comments that several tests send.

use client::{Http, Request, id, items};
use serde_json::{Value, json};

use crate::post_steps::{draft, listed, path, publish};
use crate::{Tenant, World};

/// Activates comments with these rules. What a token may do, the gateway keeps for a minute: who has asked before signs in
/// anew.
pub fn set_comments(admin: &Http, active: bool, rules: &Value) -> Value {
    let known = admin.get("/plugins/comments").send().expect(200);
    let settings = json!({ "active": active, "configuration": rules });
    admin.put("/plugins/comments", &settings).if_match(&known).send().expect(200)
}

impl World {
    /// A tenant in which comments are written by these rules.
    pub fn commenting_tenant(&self, slug: &str, rules: &Value) -> Tenant {
        let tenant = self.tenant(slug);
        set_comments(&tenant.admin, true, rules);
        tenant.signed_in_anew(&self.anonymous())
    }
}

/// A published post of who asks, which lists know.
pub fn live_post(client: &Http, title: &str) -> Value {
    let post = publish(client, &draft(client, title)).send().expect(200);
    listed(client, "/posts?limit=100", &post, true);
    post
}

pub fn comment_on<'a>(client: &'a Http, post: &Value, body: &str) -> Request<'a> {
    client.post(&comments_of(post), &json!({ "body": body }))
}

pub fn reply_to<'a>(client: &'a Http, comment: &Value, body: &str) -> Request<'a> {
    let path = format!("/posts/{}/comments", comment["post"].as_str().unwrap_or_default());
    client.post(&path, &json!({ "body": body, "replyTo": id(comment) }))
}

pub fn comments_of(post: &Value) -> String {
    format!("{}/comments", path(post))
}

pub fn comment_path(comment: &Value) -> String {
    format!("/comments/{}", id(comment))
}

pub fn reword<'a>(client: &'a Http, comment: &Value, body: &str) -> Request<'a> {
    client.patch(&comment_path(comment), &json!({ "body": body })).if_match(comment)
}

pub fn moderate<'a>(client: &'a Http, comment: &Value, status: &str) -> Request<'a> {
    client.put(&format!("{}/status", comment_path(comment)), &json!({ "status": status })).if_match(comment)
}

/// Gives each of the comments this status, if it is still at its version.
pub fn moderate_all<'a>(client: &'a Http, comments: &[&Value], status: &str) -> Request<'a> {
    let read = |comment: &&Value| json!({ "id": comment["id"], "version": comment["version"] });
    let comments: Vec<Value> = comments.iter().map(read).collect();
    client.post("/comments/moderation", &json!({ "comments": comments, "status": status }))
}

pub fn delete_comment<'a>(client: &'a Http, comment: &Value) -> Request<'a> {
    client.delete(&comment_path(comment)).if_match(comment)
}

/// How many approved comments the post has, as the client is told.
pub fn counted(client: &Http, post: &Value) -> Value {
    let counts = client.get(&format!("/comments/counts?posts={}", id(post))).send().expect(200);
    counts["counts"][id(post)].clone()
}

/// The comments on the post, as the client is shown them.
pub fn shown(client: &Http, post: &Value) -> Vec<Value> {
    let page = client.get(&format!("{}?limit=100", comments_of(post))).send().expect(200);
    page["items"].as_array().cloned().unwrap_or_default()
}

/// The ids of the comments that the user was told of, the newest first.
pub fn told(client: &Http) -> Vec<String> {
    let inbox = client.get("/notifications?limit=100").send().expect(200);
    let of_comments = items(&inbox["items"]).iter().filter(|one| one["kind"] == "commentPosted");
    of_comments.map(|one| one["commentId"].as_str().unwrap_or_default().to_owned()).collect()
}
