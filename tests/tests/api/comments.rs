//! Comments: how they are written, moderated, listed, counted and deleted, and by whom.

use client::{Http, Member, id, items};
use serde_json::{Value, json};
use tests::comment_steps::{
    comment_on, comment_path, comments_of, counted, delete_comment, live_post, moderate, moderate_all,
    reply_to, reword, set_comments, shown,
};
use tests::journey::PASSWORD;
use tests::order_steps::{all_pages, field};
use tests::post_steps::{draft, unpublish};
use tests::{Tenant, World};

fn user(world: &World, tenant: &Tenant, name: &str, role: &str) -> Member {
    let user = tenant.admin.register(name, &tenant.address(name), role, PASSWORD).expect(201);
    world.anonymous().member(&tenant.slug, &user, PASSWORD)
}

fn ids(comments: &[Value]) -> Vec<&str> {
    comments.iter().map(id).collect()
}

#[test]
fn a_comment_waits_is_approved_answered_and_deleted() {
    let world = World::start();
    let tenant = world.commenting_tenant("acme", &json!({}));
    let post = live_post(&tenant.admin, "Commented");
    let [max, mia] = ["Max", "Mia"].map(|name| tenant.member(&world.anonymous(), name));
    let answer = comment_on(&max, &post, " <b>Well</b> said.\n").send();
    let comment = answer.expect(201);
    assert_eq!(answer.header("location"), Some(comment_path(&comment).as_str()));
    assert_eq!((&comment["status"], &comment["body"]), (&json!("pending"), &json!("<b>Well</b> said.")));
    assert_eq!(comment["author"], json!({ "id": max.id, "name": "Max" }));
    assert_eq!(max.get(&comment_path(&comment)).send().expect(200), comment);

    // Its author and moderators see it, and nobody else.
    assert_eq!(shown(&max, &post), std::slice::from_ref(&comment));
    assert_eq!(shown(&tenant.admin, &post), std::slice::from_ref(&comment));
    assert_eq!(shown(&mia, &post), Vec::<Value>::new());
    mia.get(&comment_path(&comment)).send().problem(404, "not-found");
    reply_to(&mia, &comment, "Indeed.").send().problem(422, "validation");
    assert_eq!(counted(&mia, &post), json!(0));

    let approved = moderate(&tenant.admin, &comment, "approved").send().expect(200);
    assert_eq!((&approved["status"], &approved["version"]), (&json!("approved"), &json!(2)));
    moderate(&tenant.admin, &approved, "approved").send().problem(409, "conflict");
    assert_eq!((shown(&mia, &post), counted(&mia, &post)), (vec![approved.clone()], json!(1)));
    let reply = reply_to(&tenant.admin, &approved, "Indeed.").send().expect(201);
    assert_eq!(
        (&reply["status"], &reply["replyTo"]),
        (&json!("approved"), &approved["id"]),
        "a moderator's own"
    );
    let joined = reply_to(&mia, &reply, "I think so, too.").send().expect(201);
    assert_eq!(joined["replyTo"], approved["id"], "a reply to a reply joins its thread");
    assert_eq!(ids(&shown(&max, &post)), [id(&approved), id(&reply)]);
    assert_eq!(ids(&shown(&mia, &post)), [id(&approved), id(&reply), id(&joined)]);

    let edited = reword(&max, &approved, "Better said.").send().expect(200);
    assert_eq!(
        (&edited["status"], &edited["body"]),
        (&json!("pending"), &json!("Better said.")),
        "it waits again"
    );
    assert!(edited["editedAt"].is_string());
    assert_eq!(counted(&mia, &post), json!(1), "the reply alone");
    let place = &shown(&mia, &post)[0];
    let expected = json!({
        "id": edited["id"], "post": edited["post"], "status": "deleted", "createdAt": edited["createdAt"],
        "version": edited["version"],
    });
    assert_eq!(*place, expected, "its place is kept, and nothing is told");
    assert_eq!(shown(&max, &post)[0], edited);

    delete_comment(&max, &edited).send().expect(204);
    max.get(&comment_path(&edited)).send().problem(404, "not-found");
    assert_eq!((id(&shown(&max, &post)[0]), &shown(&max, &post)[0]["body"]), (id(&edited), &Value::Null));
    delete_comment(&tenant.admin, &reply).send().expect(204);
    assert_eq!(shown(&max, &post), Vec::<Value>::new(), "a place without replies is none");
    assert_eq!(counted(&max, &post), json!(0));
}

#[test]
fn what_breaks_a_rule_is_refused_by_its_field() {
    let world = World::start();
    let tenant = world.commenting_tenant("acme", &json!({}));
    let member = tenant.member(&world.anonymous(), "Max");
    let post = live_post(&tenant.admin, "Commented");
    let path = comments_of(&post);
    let elsewhere =
        comment_on(&tenant.admin, &live_post(&tenant.admin, "Another"), "Here.").send().expect(201);
    for (body, pointer) in [
        (json!({ "body": " \n\t " }), "/body"),
        (json!({ "body": "" }), "/body"),
        (json!({ "body": "a\u{0}b" }), "/body"),
        (json!({ "body": "x".repeat(2_001) }), "/body"),
        (json!({ "body": "x".repeat(10_001) }), "/body"),
        (json!({ "body": "Well said.", "replyTo": id(&elsewhere) }), "/replyTo"),
        (json!({ "body": "Well said.", "replyTo": "cmt_0190b5b4a3b27c10b5a58d0a3b8a1c2d" }), "/replyTo"),
        (json!({ "body": "Well said.", "replyTo": null }), "/replyTo"),
        (json!({ "body": "Well said.", "status": "approved" }), "/status"),
        (json!({}), "/body"),
    ] {
        let problem = member.post(&path, &body).send().problem(422, "validation");
        assert_eq!(field(&problem), pointer, "{body:.60}: {problem}");
    }
    comment_on(&member, &post, &"x".repeat(300 * 1024)).send().problem(413, "payload-too-large");
    let refused_by_the_gateway = comment_on(&member, &post, &"x".repeat(10 * 1024 * 1024)).send();
    assert_eq!(refused_by_the_gateway.status, 413);
    let admin = &tenant.admin;
    let many: Vec<Value> =
        (0..101).map(|number| json!({ "id": format!("cmt_{number:032x}"), "version": 1 })).collect();
    let again = json!({ "id": many[0]["id"], "version": 2 });
    for comments in [&[] as &[&Value], &many.iter().collect::<Vec<_>>(), &[&many[0], &many[1], &again]] {
        let problem = moderate_all(admin, comments, "approved").send().problem(422, "validation");
        assert_eq!(field(&problem), "/comments", "{problem}");
    }
    for posts in ["", "pst_1", &vec![id(&post); 51].join(",")] {
        let problem =
            member.get(&format!("/comments/counts?posts={posts}")).send().problem(422, "validation");
        assert_eq!(field(&problem), "/posts");
    }
}

#[test]
fn a_tenant_decides_how_comments_are_written() {
    let world = World::start();
    let rules = json!({ "premoderation": false, "longest": 20, "blockedWords": ["casino", "Buy now"] });
    let tenant = world.commenting_tenant("acme", &rules);
    let member = tenant.member(&world.anonymous(), "Max");
    let post = live_post(&tenant.admin, "Commented");
    let comment = comment_on(&member, &post, "Well said.").send().expect(201);
    assert_eq!((&comment["status"], counted(&member, &post)), (&json!("approved"), json!(1)));
    let edited = reword(&member, &comment, "Better said.").send().expect(200);
    assert_eq!(edited["status"], "approved");
    for (body, rule) in [
        ("123456789 123456789 1", "must be at most 20 characters long"),
        ("CASINO!", "must not contain the blocked word \"casino\"; leave it out"),
        ("buy… now", "must not contain the blocked word \"Buy now\"; leave it out"),
    ] {
        for answer in [comment_on(&member, &post, body).send(), reword(&member, &edited, body).send()] {
            let problem = answer.problem(422, "validation");
            assert_eq!((field(&problem), &problem["errors"][0]["rule"]), ("/body", &json!(rule)));
        }
    }
    comment_on(&member, &post, "The casinos of old.").send().expect(201);
    set_comments(&tenant.admin, true, &json!({ "premoderation": true }));
    let waits = comment_on(&member, &post, "CASINO!").send().expect(201);
    assert_eq!(waits["status"], "pending", "the new rules count at once");
}

#[test]
fn nobody_comments_on_what_is_not_published() {
    let world = World::start();
    let tenant = world.commenting_tenant("acme", &json!({}));
    let author = user(&world, &tenant, "Ann", "author");
    let member = tenant.member(&world.anonymous(), "Max");
    let not_yet = draft(&author, "A draft");
    comment_on(&member, &not_yet, "Well said.").send().problem(404, "not-found");
    for maker in [&author as &Http, &tenant.admin] {
        let problem = comment_on(maker, &not_yet, "Well said.").send().problem(409, "conflict");
        assert!(problem["detail"].as_str().unwrap().contains("publish it before"), "{problem}");
    }
    let post = live_post(&author, "Published");
    let comment = comment_on(&tenant.admin, &post, "Well said.").send().expect(201);
    let own = comment_on(&member, &post, "Indeed.").send().expect(201);
    member.get(&comment_path(&comment)).send().expect(200);
    let back = unpublish(&author, &post).send().expect(200);
    tests::post_steps::listed(&author, "/posts?order=created", &back, true);

    // Comments are as invisible as their post, but for one's own.
    for path in [comments_of(&post), comment_path(&comment)] {
        member.get(&path).send().problem(404, "not-found");
        author.get(&path).send().expect(200);
    }
    let counts = member.get(&format!("/comments/counts?posts={}", id(&post))).send().expect(200);
    assert_eq!(counts, json!({ "counts": {} }));
    let mine = member.get("/me/comments").send().expect(200)["items"].take();
    assert_eq!(ids(items(&mine)), [id(&own)]);
    reword(&member, &own, "Not any more.").send().problem(404, "not-found");
    delete_comment(&member, &own).send().expect(204);
}

#[test]
fn authors_change_their_own_and_moderators_decide_about_all() {
    let world = World::start();
    let tenant = world.commenting_tenant("acme", &json!({}));
    let [author, editor] =
        ["author", "editor"].map(|role| user(&world, &tenant, &format!("The {role}"), role));
    let [max, mia] = ["Max", "Mia"].map(|name| tenant.member(&world.anonymous(), name));
    let post = live_post(&author, "Commented");
    let comment = comment_on(&max, &post, "Well said.").send().expect(201);
    let comment = moderate(&editor, &comment, "approved").send().expect(200);
    for other in [&mia as &Http, &author, &editor] {
        reword(other, &comment, "Taken.").send().problem(403, "forbidden");
    }
    for other in [&mia as &Http, &author] {
        delete_comment(other, &comment).send().problem(403, "forbidden");
        moderate(other, &comment, "spam").send().problem(403, "forbidden");
    }
    max.get("/comments").send().problem(403, "forbidden");
    let spam = moderate(&editor, &comment, "spam").send().expect(200);
    mia.get(&comment_path(&spam)).send().problem(404, "not-found");
    reword(&max, &spam, "No spam.").send().problem(409, "conflict");
    let stale = moderate(&editor, &comment, "approved").send();
    stale.problem(412, "precondition-failed");
    moderate(&editor, &spam, "deleted").send().expect(200);
    let role = json!({ "name": "Reader", "permissions": ["posts:read"] });
    let role = tenant.admin.post("/roles", &role).send().expect(201);
    let reader = user(&world, &tenant, "Ray", id(&role));
    comment_on(&reader, &post, "Silence.").send().problem(403, "forbidden");
    assert_eq!(shown(&reader, &post), Vec::<Value>::new());
}

#[test]
fn a_page_of_comments_follows_the_threads_and_goes_on_where_it_ended() {
    let world = World::start();
    let tenant = world.commenting_tenant("acme", &json!({}));
    let admin = &tenant.admin;
    let member = tenant.member(&world.anonymous(), "Max");
    let post = live_post(admin, "Commented");
    let roots = [1, 2].map(|number| comment_on(admin, &post, &format!("Root {number}")).send().expect(201));
    let mut expected = Vec::new();
    for root in &roots {
        expected.push(id(root).to_owned());
        for number in 0..2 {
            let reply = reply_to(admin, root, &format!("Reply {number}")).send().expect(201);
            expected.push(id(&reply).to_owned());
        }
        let waiting = reply_to(&member, root, "I wait.").send().expect(201);
        expected.push(id(&waiting).to_owned());
    }
    delete_comment(admin, &roots[0]).send().expect(204);
    let nobody_s = comment_on(admin, &post, "Nobody answers.").send().expect(201);
    delete_comment(admin, &nobody_s).send().expect(204);
    for limit in [1, 2, 3, 100] {
        for client in [&member as &Http, admin] {
            let all = all_pages(client, &format!("{}?limit={limit}", comments_of(&post)));
            let found: Vec<&str> = ids(&all).into_iter().filter(|found| *found != id(&nobody_s)).collect();
            assert_eq!(found, expected, "{limit}");
        }
        let own = all_pages(&member, &format!("{}?limit={limit}", comments_of(&post)));
        assert!(!ids(&own).contains(&id(&nobody_s)), "a place without replies, with limit {limit}");
    }
    let mine = all_pages(&member, "/me/comments?limit=1");
    assert_eq!(ids(&mine), [expected[7].as_str(), &expected[3]]);

    let reply = json!({ "id": expected[1], "post": id(&post), "version": 1 });
    delete_comment(admin, &reply).send().expect(204);
    let place = &shown(admin, &post)[1];
    assert_eq!((&place["id"], &place["body"]), (&reply["id"], &Value::Null));
    assert_eq!(place["replyTo"], roots[0]["id"], "a reply that was deleted is none of the roots");
}

/// Where the page ends between them.
#[test]
fn a_deleted_comment_keeps_its_place_above_one_s_own_reply_that_waits() {
    let world = World::start();
    let tenant = world.commenting_tenant("acme", &json!({}));
    let [max, mia] = ["Max", "Mia"].map(|name| tenant.member(&world.anonymous(), name));
    let post = live_post(&tenant.admin, "Commented");
    let root = comment_on(&tenant.admin, &post, "Well said.").send().expect(201);
    let reply = reply_to(&max, &root, "Indeed.").send().expect(201);
    delete_comment(&tenant.admin, &root).send().expect(204);
    for limit in [1, 2] {
        let path = format!("{}?limit={limit}", comments_of(&post));
        assert_eq!(ids(&all_pages(&max, &path)), [id(&root), id(&reply)], "{limit}");
        assert_eq!(all_pages(&mia, &path), Vec::<Value>::new(), "{limit}");
    }
}
