//! Comments on a post that is for members alone.

use client::{Http, eventually, id, items};
use serde_json::{Value, json};
use tests::World;
use tests::comment_steps::{
    comment_on, comment_path, comments_of, counted, delete_comment, live_post, moderate, moderate_all,
    reply_to, shown, told,
};
use tests::post_steps::{listed, publish, write};

use super::roles::{registered, role, signed_in};

#[test]
fn comments_on_a_post_for_members_are_for_who_may_read_posts() {
    let world = World::start();
    let tenant = world.commenting_tenant("acme", &json!({ "premoderation": false }));
    let ann = signed_in(&world, &registered(&tenant, "Ann", &["author"]));
    let [max, mia] = ["Max", "Mia"].map(|name| tenant.member(&world.anonymous(), name));
    let commenting = role(&tenant, "Commentator", &["comments:write", "comments:moderate"]);
    let guest = signed_in(&world, &registered(&tenant, "Gus", &[&commenting]));
    let post = write(&ann, "For members", &json!({ "visibility": "members" })).send().expect(201);
    let post = publish(&ann, &post).send().expect(200);
    listed(&ann, "/posts?limit=100", &post, true);

    let root = comment_on(&max, &post, "Well said.").send().expect(201);
    let reply = reply_to(&mia, &root, "Indeed.").send().expect(201);
    assert_eq!((shown(&max, &post), counted(&max, &post)), (vec![root.clone(), reply.clone()], json!(2)));
    mia.get(&comment_path(&root)).send().expect(200);
    let is_told = |client: &Http, comments: &[&Value]| {
        let expected: Vec<&str> = comments.iter().map(|comment| id(comment)).collect();
        eventually("who is told", || (told(client) == expected).then_some(()));
    };
    is_told(&max, &[&reply]);
    is_told(&ann, &[&reply, &root]);

    // Who comments and moderates, and may not read posts, does so where the post is everybody's.
    let open = live_post(&ann, "For everybody");
    let own = comment_on(&guest, &open, "Hello.").send().expect(201);
    comment_on(&guest, &post, "Hello.").send().problem(403, "forbidden");
    let counts = format!("/comments/counts?posts={}", id(&post));
    for path in [comments_of(&post), comment_path(&root), counts] {
        guest.get(&path).send().problem(403, "forbidden");
    }
    let queue = guest.get("/comments").send().expect(200);
    assert_eq!(items(&queue["items"]), [own]);
    moderate(&guest, &root, "spam").send().problem(404, "not-found");
    delete_comment(&guest, &root).send().problem(404, "not-found");
    let outcome = moderate_all(&guest, &[&root], "spam").send().expect(200);
    assert_eq!(outcome["items"][0]["problem"]["status"], json!(404));
    assert_eq!(shown(&mia, &post), [root, reply]);
    world.wait_until_consumed();
    assert_eq!(told(&guest), Vec::<String>::new());
}
