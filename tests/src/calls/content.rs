use client::{Http, Request, eventually, id, items};
use serde_json::json;

use super::{Call, Fixture};
use crate::post_steps::{
    MARKDOWN, delete, draft, edit, listed, path, publish, publish_all, restore, tag_all, unpublish, write,
};

/// Titles of which no two make one slug.
fn title(fixture: &Fixture) -> String {
    fixture.unique("Post number ")
}

/// The path of a tag.
fn planted(fixture: &Fixture) -> String {
    let slug = fixture.unique("planted-");
    fixture.world.plant_tag(&fixture.tenant, &slug, &slug);
    format!("/tags/{slug}")
}

fn merge<'a>(client: &'a Http, one: &str, other: &str) -> Request<'a> {
    let into = other.trim_start_matches("/tags/");
    client.post(&format!("{one}/merge"), &json!({ "into": into }))
}

fn drafts(fixture: &Fixture, count: usize) -> Vec<String> {
    (0..count).map(|_| id(&draft(&fixture.tenant.admin, &title(fixture))).to_owned()).collect()
}

pub(super) const CALLS: &[Call] = &[
    ("POST /posts", "", 2, |fixture| {
        let title = title(fixture);
        Box::new(move || drop(draft(&fixture.tenant.admin, &title)))
    }),
    ("POST /posts", "with a tag", 3, |fixture| {
        let (title, tags) = (title(fixture), json!({ "tags": ["News"] }));
        Box::new(move || drop(write(&fixture.tenant.admin, &title, &tags).send().expect(201)))
    }),
    ("POST /posts", "with a key", 3, |fixture| {
        let body = json!({ "title": title(fixture), "markdown": MARKDOWN });
        Box::new(move || {
            let request = fixture.tenant.admin.post("/posts", &body);
            request.header("idempotency-key", &fixture.unique("k")).send().expect(201);
        })
    }),
    ("POST /posts", "whose slug is taken", 5, |fixture| {
        let title = title(fixture);
        draft(&fixture.tenant.admin, &title);
        Box::new(move || drop(draft(&fixture.tenant.admin, &title)))
    }),
    ("GET /posts/{id}", "", 2, |fixture| {
        let post = draft(&fixture.tenant.admin, &title(fixture));
        Box::new(move || drop(fixture.tenant.admin.get(&path(&post)).send().expect(200)))
    }),
    ("GET /posts/{id}", "by its slug", 3, |fixture| {
        let post = draft(&fixture.tenant.admin, &title(fixture));
        let path = format!("/posts/{}", post["slug"].as_str().unwrap_or_default());
        Box::new(move || drop(fixture.tenant.admin.get(&path).send().expect(200)))
    }),
    ("GET /posts/{id}", "at a version", 3, |fixture| {
        let post = draft(&fixture.tenant.admin, &title(fixture));
        let path = format!("{}?version=1", path(&post));
        Box::new(move || drop(fixture.tenant.admin.get(&path).send().expect(200)))
    }),
    ("GET /posts", "", 2, |fixture| {
        let admin = &fixture.tenant.admin;
        let post = publish(admin, &draft(admin, &title(fixture))).send().expect(200);
        listed(admin, "/posts?limit=1", &post, true);
        Box::new(|| drop(fixture.tenant.admin.get("/posts?limit=1").send().expect(200)))
    }),
    ("GET /posts", "by creation", 2, |fixture| {
        let admin = &fixture.tenant.admin;
        listed(admin, "/posts?limit=1&order=created", &draft(admin, &title(fixture)), true);
        Box::new(|| drop(fixture.tenant.admin.get("/posts?limit=1&order=created").send().expect(200)))
    }),
    ("GET /posts", "with a status", 2, |fixture| {
        let (admin, list) = (&fixture.tenant.admin, "/posts?limit=1&filter=status:draft");
        listed(admin, list, &draft(admin, &title(fixture)), true);
        Box::new(move || drop(admin.get(list).send().expect(200)))
    }),
    ("GET /posts", "of an author", 2, |fixture| {
        let admin = &fixture.tenant.admin;
        let list = format!("/posts?limit=1&order=created&filter=author:{}", fixture.tenant.admin_id);
        listed(admin, &list, &draft(admin, &title(fixture)), true);
        Box::new(move || drop(admin.get(&list).send().expect(200)))
    }),
    ("GET /posts", "with a tag and a total", 3, |fixture| {
        let (admin, tag) = (&fixture.tenant.admin, fixture.unique("tag-"));
        let post = write(admin, &title(fixture), &json!({ "tags": [tag] })).send().expect(201);
        let list = format!("/posts?limit=1&total=true&filter=tag:{tag}");
        listed(admin, &list, &publish(admin, &post).send().expect(200), true);
        Box::new(move || drop(admin.get(&list).send().expect(200)))
    }),
    ("POST /posts/publications", "of one", 2, |fixture| {
        let posts = drafts(fixture, 1);
        Box::new(move || drop(publish_all(&fixture.tenant.admin, &posts).send().expect(200)))
    }),
    ("POST /posts/publications", "of twenty", 40, |fixture| {
        let posts = drafts(fixture, 20);
        Box::new(move || drop(publish_all(&fixture.tenant.admin, &posts).send().expect(200)))
    }),
    ("POST /posts/publications", "of one, with a key", 4, |fixture| {
        let request = publish_all(&fixture.tenant.admin, &drafts(fixture, 1));
        Box::new(move || drop(request.header("idempotency-key", &fixture.unique("k")).send().expect(200)))
    }),
    ("POST /posts/taggings", "of one", 3, |fixture| {
        let posts = drafts(fixture, 1);
        Box::new(move || drop(tag_all(&fixture.tenant.admin, &posts, "News", "add").send().expect(200)))
    }),
    ("POST /posts/taggings", "of one that has the tag", 2, |fixture| {
        let posts = drafts(fixture, 1);
        tag_all(&fixture.tenant.admin, &posts, "News", "add").send().expect(200);
        Box::new(move || drop(tag_all(&fixture.tenant.admin, &posts, "News", "add").send().expect(200)))
    }),
    ("POST /posts/taggings", "of one, with a key", 5, |fixture| {
        let request = tag_all(&fixture.tenant.admin, &drafts(fixture, 1), "News", "add");
        Box::new(move || drop(request.header("idempotency-key", &fixture.unique("k")).send().expect(200)))
    }),
    ("PATCH /tags/{slug}", "", 4, |fixture| {
        let (path, name) = (planted(fixture), fixture.unique("New name "));
        Box::new(move || {
            let name = json!({ "name": name });
            drop(fixture.tenant.admin.patch(&path, &name).send().expect(202));
        })
    }),
    ("PATCH /tags/{slug}", "in another spelling", 3, |fixture| {
        let path = planted(fixture);
        let name = json!({ "name": path.trim_start_matches("/tags/").to_uppercase() });
        Box::new(move || drop(fixture.tenant.admin.patch(&path, &name).send().expect(202)))
    }),
    ("POST /tags/{slug}/merge", "", 5, |fixture| {
        let (one, other) = (planted(fixture), planted(fixture));
        Box::new(move || drop(merge(&fixture.tenant.admin, &one, &other).send().expect(202)))
    }),
    ("POST /tags/{slug}/merge", "with a key", 6, |fixture| {
        let (one, other) = (planted(fixture), planted(fixture));
        let request = merge(&fixture.tenant.admin, &one, &other);
        Box::new(move || drop(request.header("idempotency-key", &fixture.unique("k")).send().expect(202)))
    }),
    ("GET /tag-jobs/{id}", "", 1, |fixture| {
        let (admin, name) = (&fixture.tenant.admin, json!({ "name": fixture.unique("New name ") }));
        let job = admin.patch(&planted(fixture), &name).send().expect(202);
        let path = format!("/tag-jobs/{}", id(&job));
        Box::new(move || drop(admin.get(&path).send().expect(200)))
    }),
    ("GET /tags", "", 1, |fixture| {
        let (admin, tag) = (&fixture.tenant.admin, fixture.unique("tag-"));
        let post = write(admin, &title(fixture), &json!({ "tags": [tag] })).send().expect(201);
        publish(admin, &post).send().expect(200);
        eventually("a tag that is listed", || {
            let page = admin.get("/tags?limit=100").send().expect(200);
            items(&page["items"]).iter().any(|one| one["slug"] == *tag).then_some(())
        });
        Box::new(|| drop(fixture.tenant.admin.get("/tags?limit=1").send().expect(200)))
    }),
    ("PATCH /posts/{id}", "", 3, |fixture| {
        let post = draft(&fixture.tenant.admin, &title(fixture));
        let request = edit(&fixture.tenant.admin, &post, &json!({ "featured": true }));
        Box::new(move || drop(request.send().expect(200)))
    }),
    ("PATCH /posts/{id}", "with a tag", 4, |fixture| {
        let post = draft(&fixture.tenant.admin, &title(fixture));
        let request = edit(&fixture.tenant.admin, &post, &json!({ "tags": ["News"] }));
        Box::new(move || drop(request.send().expect(200)))
    }),
    ("PATCH /posts/{id}", "with another slug", 3, |fixture| {
        let post = draft(&fixture.tenant.admin, &title(fixture));
        let request = edit(&fixture.tenant.admin, &post, &json!({ "slug": fixture.unique("another-") }));
        Box::new(move || drop(request.send().expect(200)))
    }),
    ("DELETE /posts/{id}", "", 2, |fixture| {
        let request = delete(&fixture.tenant.admin, &draft(&fixture.tenant.admin, &title(fixture)));
        Box::new(move || drop(request.send().expect(204)))
    }),
    ("PUT /posts/{id}/publication", "", 3, |fixture| {
        let request = publish(&fixture.tenant.admin, &draft(&fixture.tenant.admin, &title(fixture)));
        Box::new(move || drop(request.send().expect(200)))
    }),
    ("DELETE /posts/{id}/publication", "", 3, |fixture| {
        let admin = &fixture.tenant.admin;
        let request = unpublish(admin, &publish(admin, &draft(admin, &title(fixture))).send().expect(200));
        Box::new(move || drop(request.send().expect(200)))
    }),
    ("GET /posts/{id}/events", "", 2, |fixture| {
        let post = write(&fixture.tenant.admin, &title(fixture), &json!({})).send().expect(201);
        let path = format!("/posts/{}/events", id(&post));
        Box::new(move || drop(fixture.tenant.admin.get(&path).send().expect(200)))
    }),
    ("POST /posts/{id}/restoration", "", 4, |fixture| {
        let request = restore(&fixture.tenant.admin, &draft(&fixture.tenant.admin, &title(fixture)), 1);
        Box::new(move || drop(request.send().expect(200)))
    }),
    ("POST /posts/{id}/restoration", "with a key", 5, |fixture| {
        let request = restore(&fixture.tenant.admin, &draft(&fixture.tenant.admin, &title(fixture)), 1);
        Box::new(move || drop(request.header("idempotency-key", &fixture.unique("k")).send().expect(200)))
    }),
];
