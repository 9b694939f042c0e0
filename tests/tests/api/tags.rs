//! Tags: which are listed, and of how many posts.

use client::{Http, eventually, items};
use serde_json::{Value, json};
use tests::World;
use tests::order_steps::all_pages;
use tests::post_steps::{delete, edit, publish, unpublish, write};

fn tagged(client: &Http, title: &str, tags: &[&str]) -> Value {
    write(client, title, &json!({ "tags": tags })).send().expect(201)
}

/// Waits until the tags are these, with so many published posts each.
fn counted(client: &Http, expected: &[(&str, &str, u64)]) {
    let expected: Vec<Value> = expected
        .iter()
        .map(|(slug, name, posts)| json!({ "slug": slug, "name": name, "posts": posts }))
        .collect();
    let mut told = Vec::new();
    eventually("tags that are counted", || {
        told = all_pages(client, "/tags?limit=2");
        (told == expected).then_some(())
    });
}

#[test]
fn tags_are_listed_by_their_slugs_with_the_number_of_published_posts() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let (admin, member) = (&tenant.admin, tenant.member(&world.anonymous(), "Max"));
    let live = |title: &str, tags: &[&str]| publish(admin, &tagged(admin, title, tags)).send().expect(200);
    let first = live("The first", &["News", "Rust"]);
    let second = live("The second", &["News", "Åse’s steps", "Zebras"]);
    tagged(admin, "A draft", &["News", "Secret"]);
    let expected =
        [("ases-steps", "Åse’s steps", 1), ("news", "News", 2), ("rust", "Rust", 1), ("zebras", "Zebras", 1)];
    for client in [admin as &Http, &member] {
        counted(client, &expected);
    }
    let page = member.get("/tags?limit=1&cursor=news").send().expect(200);
    assert_eq!((items(&page["items"]).len(), &page["nextCursor"]), (1, &json!("rust")));

    unpublish(admin, &first).send().expect(200);
    let second = edit(admin, &second, &json!({ "tags": ["NEWS", "Zebras"] })).send().expect(200);
    counted(&member, &[("news", "NEWS", 1), ("zebras", "Zebras", 1)]);
    delete(admin, &second).send().expect(204);
    counted(&member, &[]);
}

#[test]
fn a_place_that_is_no_slug_is_refused() {
    let world = World::start();
    let admin = world.tenant("acme").admin;
    for query in ["cursor=A%20B", "limit=0", "limit=101", "order=published"] {
        admin.get(&format!("/tags?{query}")).send().problem(422, "validation");
    }
}
