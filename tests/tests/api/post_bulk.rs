//! Commands about many posts: each is decided by itself, and the answer says what has become of it.

use client::{Http, Member, id, items};
use serde_json::{Value, json};
use tests::journey::PASSWORD;
use tests::order_steps::field;
use tests::post_steps::{draft, edit, in_days, path, publish, publish_all, schedule, tag_all, write};
use tests::{Tenant, World};

fn user(world: &World, tenant: &Tenant, role: &str) -> Member {
    let name = format!("The {role}");
    let user = tenant.admin.register(&name, &tenant.address(&name), role, PASSWORD).expect(201);
    world.anonymous().member(&tenant.slug, &user, PASSWORD)
}

fn ids(posts: &[&Value]) -> Vec<String> {
    posts.iter().map(|post| id(post).to_owned()).collect()
}

/// The version, or the status of the problem with its type, of each post in the order of the request.
fn outcomes(posts: &[&Value], answer: &Value) -> Vec<Value> {
    let rows = items(&answer["items"]);
    assert_eq!(
        rows.iter().map(id).collect::<Vec<_>>(),
        posts.iter().map(|post| id(post)).collect::<Vec<_>>()
    );
    let outcome = |row: &Value| match (&row["version"], &row["problem"]) {
        (version, Value::Null) => version.clone(),
        (Value::Null, problem) => {
            assert!(problem["detail"].as_str().is_some_and(|detail| detail.len() > 10), "{problem}");
            json!([problem["status"], problem["type"]])
        }
        both => panic!("{both:?}"),
    };
    rows.iter().map(outcome).collect()
}

fn refused(status: u16, kind: &str) -> Value {
    json!([status, format!("/problems/{kind}")])
}

fn shown(client: &Http, post: &Value) -> Value {
    client.get(&path(post)).send().expect(200)
}

#[test]
fn posts_are_published_together_and_each_by_its_own_rights_and_state() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let [author, editor] = ["author", "editor"].map(|role| user(&world, &tenant, role));
    let own = ["One", "Two", "Three"].map(|title| draft(&author, &format!("Post {title}")));
    let live = publish(&author, &draft(&author, "Live already")).send().expect(200);
    let later = schedule(&author, &draft(&author, "Later"), &in_days(3)).send().expect(200);
    let theirs = draft(&editor, "Of the editor");
    let gone = json!({ "id": "pst_0190b5b4a3b27c10b5a58d0a3b8a1c2d" });
    let asked = [&own[0], &live, &later, &theirs, &gone, &own[1]];
    let answer = publish_all(&author, &ids(&asked)).send().expect(200);
    let missing = refused(404, "not-found");
    let expected = [json!(2), refused(409, "conflict"), json!(3), missing.clone(), missing, json!(2)];
    assert_eq!(outcomes(&asked, &answer), expected);
    for post in [&own[0], &later, &own[1]] {
        assert_eq!(shown(&author, post)["status"], "published");
    }
    assert_eq!(
        (&shown(&author, &own[2])["status"], &shown(&author, &live)["version"]),
        (&json!("draft"), &json!(2))
    );
    assert_eq!(shown(&editor, &theirs), theirs, "another one's draft");

    let theirs_live = publish(&editor, &theirs).send().expect(200);
    let both = [&own[2], &theirs_live];
    assert_eq!(
        outcomes(&both, &publish_all(&author, &ids(&both)).send().expect(200)),
        [json!(2), refused(403, "forbidden")],
        "it is seen, and not the author's"
    );
    let contributor = user(&world, &tenant, "contributor");
    publish_all(&contributor, &ids(&[&own[0]])).send().problem(403, "forbidden");
}

#[test]
fn a_tag_is_added_to_many_posts_and_taken_from_them() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let author = user(&world, &tenant, "author");
    let all: Vec<String> = (0..20).map(|number| format!("Tag {number}")).collect();
    let post = |title: &str, tags: &Value| write(&author, title, &json!({ "tags": tags })).send().expect(201);
    let [plain, tagged, full] =
        [("Plain", json!([])), ("Tagged", json!(["NEWS", "Rust"])), ("Full", json!(all))]
            .map(|(title, tags)| post(title, &tags));
    let theirs = publish(&tenant.admin, &draft(&tenant.admin, "Of the admin")).send().expect(200);
    let asked = [&plain, &tagged, &full, &theirs];
    let answer = tag_all(&author, &ids(&asked), "News", "add").send().expect(200);
    let expected = [json!(2), json!(1), refused(422, "validation"), refused(403, "forbidden")];
    assert_eq!(outcomes(&asked, &answer), expected);
    assert_eq!(shown(&author, &plain)["tags"], json!([{ "slug": "news", "name": "News" }]));
    assert_eq!(shown(&author, &tagged), tagged, "it has the tag, and is left as it is");
    let events = author.get(&format!("{}/events", path(&plain))).send().expect(200);
    assert_eq!(events["items"][1]["data"]["changed"], json!(["tags"]));

    let removed = tag_all(&author, &ids(&asked), "news", "remove").send().expect(200);
    assert_eq!(outcomes(&asked, &removed), [json!(3), json!(2), json!(1), refused(403, "forbidden")]);
    assert_eq!(shown(&author, &tagged)["tags"], json!([{ "slug": "rust", "name": "Rust" }]));
    let again = tag_all(&author, &ids(&asked[..2]), "news", "remove").send().expect(200);
    assert_eq!(outcomes(&asked[..2], &again), [json!(3), json!(2)], "nothing is left to do");
}

#[test]
fn a_hundred_posts_are_published_at_once_and_no_more_are_asked_for() {
    let world = World::start_unlimited();
    let admin = world.tenant("acme").admin;
    let posts: Vec<Value> = (0..101).map(|number| draft(&admin, &format!("Post {number}"))).collect();
    let all: Vec<&Value> = posts.iter().collect();
    let hundred = ids(&all[..100]);
    for (broken, rule) in [
        (json!([]), "must be 1 to 100 posts"),
        (json!(ids(&all)), "must be 1 to 100 posts"),
        (json!([hundred[0], hundred[1], hundred[0]]), "must name each post once"),
    ] {
        for (command, more) in
            [("publications", json!({})), ("taggings", json!({ "tag": "News", "change": "add" }))]
        {
            let mut body = more;
            body["posts"] = broken.clone();
            let problem = admin.post(&format!("/posts/{command}"), &body).send().problem(422, "validation");
            assert_eq!((field(&problem), &problem["errors"][0]["rule"]), ("/posts", &json!(rule)));
        }
    }
    for (tag, change, pointer) in [("", "add", "/tag"), ("!!!", "add", "/tag"), ("News", "keep", "/change")] {
        let problem = tag_all(&admin, &hundred, tag, change).send().problem(422, "validation");
        assert_eq!(field(&problem), pointer);
    }
    assert_eq!(shown(&admin, all[0]), posts[0], "what is refused changes nothing");
    let answer = publish_all(&admin, &hundred).send().expect(200);
    assert_eq!(outcomes(&all[..100], &answer), vec![json!(2); 100]);
}

#[test]
fn a_request_with_a_key_is_carried_out_once_and_tells_the_same_again() {
    let world = World::start();
    let admin = world.tenant("acme").admin;
    let [one, live] = ["One post", "A live one"].map(|title| draft(&admin, title));
    publish(&admin, &live).send().expect(200);
    let asked = [&one, &live];
    let send = |posts: &[&Value]| publish_all(&admin, &ids(posts)).header("idempotency-key", "k1").send();
    let first = send(&asked);
    assert_eq!(outcomes(&asked, &first.expect(200)), [json!(2), refused(409, "conflict")]);
    edit(&admin, &shown(&admin, &one), &json!({ "title": "Another title" })).send().expect(200);
    let again = send(&asked);
    assert_eq!((again.expect(200), again.header("idempotency-replayed")), (first.expect(200), Some("true")));
    assert_eq!(shown(&admin, &one)["version"], 3, "nothing was done again");
    send(&asked[..1]).problem(422, "idempotency-key-reused");
}

/// Whoever edits a post at the same moment is not overwritten, and both changes are there.
#[test]
fn a_post_that_is_edited_at_the_same_moment_is_read_anew() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let admin = &tenant.admin;
    let post = draft(admin, "A post");
    let partition = format!("T#{}#post#{}", tenant.id, id(&post));
    world.delay_a_write(&partition, std::time::Duration::from_millis(600));
    std::thread::scope(|scope| {
        let late = scope.spawn(|| tag_all(admin, &ids(&[&post]), "News", "add").send().expect(200));
        world.wait_until_a_write_is_held();
        edit(admin, &post, &json!({ "featured": true })).send().expect(200);
        assert_eq!(outcomes(&[&post], &late.join().unwrap()), [json!(3)]);
    });
    let after = shown(admin, &post);
    assert_eq!((&after["featured"], &after["tags"][0]["name"]), (&json!(true), &json!("News")));
}
