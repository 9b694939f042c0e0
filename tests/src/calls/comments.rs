use client::Http;
use serde_json::Value;

use super::{Call, Fixture};
use crate::comment_steps::{
    comment_on, comment_path, comments_of, delete_comment, live_post, moderate, moderate_all, reply_to,
    reword,
};

fn post(fixture: &Fixture) -> Value {
    live_post(&fixture.tenant.admin, &fixture.unique("Commented post "))
}

fn member(fixture: &Fixture) -> Http {
    Http::clone(&fixture.tenant.member(&fixture.world.anonymous(), &fixture.unique("Commentator ")))
}

/// A comment of the admin, which is shown.
fn comment(fixture: &Fixture) -> Value {
    comment_on(&fixture.tenant.admin, &post(fixture), "Well said.").send().expect(201)
}

/// A comment of a member, which waits.
fn pending(fixture: &Fixture) -> Value {
    comment_on(&member(fixture), &post(fixture), "Well said.").send().expect(201)
}

pub(super) const CALLS: &[Call] = &[
    ("POST /posts/{id}/comments", "that waits", 4, |fixture| {
        let (member, post) = (member(fixture), post(fixture));
        Box::new(move || drop(comment_on(&member, &post, "Well said.").send().expect(201)))
    }),
    ("POST /posts/{id}/comments", "that is shown", 4, |fixture| {
        let post = post(fixture);
        Box::new(move || drop(comment_on(&fixture.tenant.admin, &post, "Well said.").send().expect(201)))
    }),
    ("POST /posts/{id}/comments", "that is shown, in reply", 6, |fixture| {
        let comment = comment(fixture);
        Box::new(move || drop(reply_to(&fixture.tenant.admin, &comment, "Indeed.").send().expect(201)))
    }),
    ("POST /posts/{id}/comments", "that is shown, with a key", 5, |fixture| {
        let post = post(fixture);
        Box::new(move || {
            let request = comment_on(&fixture.tenant.admin, &post, "Well said.");
            request.header("idempotency-key", &fixture.unique("k")).send().expect(201);
        })
    }),
    ("GET /posts/{id}/comments", "", 4, |fixture| {
        let (member, post) = (member(fixture), post(fixture));
        comment_on(&fixture.tenant.admin, &post, "Well said.").send().expect(201);
        Box::new(move || drop(member.get(&comments_of(&post)).send().expect(200)))
    }),
    ("GET /posts/{id}/comments", "by a moderator", 3, |fixture| {
        let post = post(fixture);
        comment_on(&fixture.tenant.admin, &post, "Well said.").send().expect(201);
        Box::new(move || drop(fixture.tenant.admin.get(&comments_of(&post)).send().expect(200)))
    }),
    ("GET /comments/{id}", "", 4, |fixture| {
        let (member, comment) = (member(fixture), comment(fixture));
        Box::new(move || drop(member.get(&comment_path(&comment)).send().expect(200)))
    }),
    ("PATCH /comments/{id}", "", 6, |fixture| {
        let request = reword(&fixture.tenant.admin, &comment(fixture), "Better said.");
        Box::new(move || drop(request.send().expect(200)))
    }),
    ("DELETE /comments/{id}", "", 3, |fixture| {
        let request = delete_comment(&fixture.tenant.admin, &comment(fixture));
        Box::new(move || drop(request.send().expect(204)))
    }),
    ("PUT /comments/{id}/status", "", 5, |fixture| {
        let request = moderate(&fixture.tenant.admin, &pending(fixture), "approved");
        Box::new(move || drop(request.send().expect(200)))
    }),
    ("POST /comments/moderation", "of one", 4, |fixture| {
        let request = moderate_all(&fixture.tenant.admin, &[&pending(fixture)], "approved");
        Box::new(move || drop(request.send().expect(200)))
    }),
    ("POST /comments/moderation", "of two", 8, |fixture| {
        let both = [pending(fixture), pending(fixture)];
        let request = moderate_all(&fixture.tenant.admin, &both.each_ref(), "approved");
        Box::new(move || drop(request.send().expect(200)))
    }),
    ("POST /comments/moderation", "of one, with a key", 6, |fixture| {
        let request = moderate_all(&fixture.tenant.admin, &[&pending(fixture)], "approved");
        Box::new(move || drop(request.header("idempotency-key", &fixture.unique("k")).send().expect(200)))
    }),
    ("GET /comments", "", 4, |fixture| {
        pending(fixture);
        Box::new(|| drop(fixture.tenant.admin.get("/comments?limit=1").send().expect(200)))
    }),
    ("GET /comments", "with a status", 4, |fixture| {
        pending(fixture);
        Box::new(|| drop(fixture.tenant.admin.get("/comments?limit=1&status=pending").send().expect(200)))
    }),
    ("GET /comments/counts", "", 2, |fixture| {
        let comment = comment(fixture);
        let path = format!("/comments/counts?posts={}", comment["post"].as_str().unwrap_or_default());
        Box::new(move || drop(fixture.tenant.admin.get(&path).send().expect(200)))
    }),
    ("GET /me/comments", "", 3, |fixture| {
        comment(fixture);
        Box::new(|| drop(fixture.tenant.admin.get("/me/comments?limit=1").send().expect(200)))
    }),
];
