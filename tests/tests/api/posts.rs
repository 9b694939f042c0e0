//! Posts: how they are written, changed, published, brought back and deleted, and by whom.

use std::collections::BTreeSet;

use client::{Http, Member, id, items};
use serde_json::{Value, json};
use tests::journey::PASSWORD;
use tests::order_steps::field;
use tests::post_steps::{
    MARKDOWN, delete, draft, edit, in_days, listed, path, publish, restore, schedule, unpublish, write,
};
use tests::{Tenant, World};

fn user(world: &World, tenant: &Tenant, name: &str, role: &str) -> Member {
    let user = tenant.admin.register(name, &tenant.address(name), role, PASSWORD).expect(201);
    world.anonymous().member(&tenant.slug, &user, PASSWORD)
}

#[test]
fn a_draft_is_written_read_edited_and_published() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let author = user(&world, &tenant, "Ada Author", "author");
    let more = json!({ "tags": ["Small steps", "small STEPS", "News"], "seo": { "title": "Learned" } });
    let answer = write(&author, "What we have learned", &more).send();
    let post = answer.expect(201);
    assert_eq!(answer.header("location"), Some(path(&post).as_str()));
    assert_eq!((&post["slug"], &post["status"]), (&json!("what-we-have-learned"), &json!("draft")));
    assert_eq!(post["html"], json!("<p>A year of <em>small</em> steps.</p>\n"));
    assert_eq!((&post["excerpt"], &post["hasOwnExcerpt"]), (&json!("A year of small steps."), &json!(false)));
    let tags = json!([{ "slug": "small-steps", "name": "Small steps" }, { "slug": "news", "name": "News" }]);
    assert_eq!(post["tags"], tags);
    assert_eq!(post["authors"], json!([{ "id": author.id, "name": "Ada Author" }]));
    assert_eq!(author.get(&path(&post)).send().expect(200), post);
    assert_eq!(author.get("/posts/what-we-have-learned").send().expect(200), post);

    let changes = json!({ "markdown": "Another *year* of steps.", "excerpt": "In short.", "featured": true });
    let edited = edit(&author, &post, &changes).send().expect(200);
    let mut expected = post.clone();
    for (name, value) in [
        ("markdown", json!("Another *year* of steps.")),
        ("html", json!("<p>Another <em>year</em> of steps.</p>\n")),
        ("excerpt", json!("In short.")),
        ("hasOwnExcerpt", json!(true)),
        ("featured", json!(true)),
        ("version", json!(2)),
        ("changedAt", edited["changedAt"].clone()),
    ] {
        expected[name] = value;
    }
    assert_eq!(edited, expected);
    let own = edit(&author, &edited, &json!({ "excerpt": null })).send().expect(200);
    assert_eq!(own["excerpt"], "Another year of steps.");

    let live = publish(&author, &own).send().expect(200);
    assert_eq!((&live["status"], &live["publishedAt"]), (&json!("published"), &live["changedAt"]));
    publish(&author, &live).send().problem(409, "conflict");
    listed(&author, "/posts", &live, true);
    let once_more = edit(&author, &live, &json!({ "title": "It goes live at once" })).send().expect(200);
    assert_eq!(once_more["publishedAt"], live["publishedAt"]);
    listed(&author, "/posts", &once_more, true);
    let back = unpublish(&author, &once_more).send().expect(200);
    assert_eq!((&back["status"], &back["publishedAt"]), (&json!("draft"), &Value::Null));
    listed(&author, "/posts", &back, false);
    listed(&author, "/posts?order=created", &back, true);
    unpublish(&author, &back).send().problem(409, "conflict");

    delete(&author, &back).send().expect(204);
    author.get(&path(&back)).send().problem(404, "not-found");
    listed(&author, "/posts?order=created", &back, false);
    assert_eq!(draft(&author, "What we have learned")["slug"], "what-we-have-learned", "it is free again");
}

#[test]
fn what_breaks_a_rule_is_refused_by_its_field() {
    let world = World::start();
    let admin = world.tenant("acme").admin;
    let tags = |count: usize| json!((0..count).map(|number| format!("Tag {number}")).collect::<Vec<_>>());
    for (more, pointer) in [
        (json!({ "title": "   " }), "/title"),
        (json!({ "title": "ab" }), "/title"),
        (json!({ "title": "x".repeat(201) }), "/title"),
        (json!({ "markdown": "too short" }), "/markdown"),
        (json!({ "markdown": ">".repeat(100) + "x" }), "/markdown"),
        (json!({ "markdown": "x".repeat(256 * 1024 + 1) }), "/markdown"),
        (json!({ "slug": "x".repeat(300) }), "/slug"),
        (json!({ "slug": "🎉🎉" }), "/slug"),
        (json!({ "slug": "tags" }), "/slug"),
        (json!({ "tags": tags(21) }), "/tags"),
        (json!({ "tags": ["x".repeat(200)] }), "/tags/0"),
        (json!({ "tags": ["!!!"] }), "/tags/0"),
        (json!({ "excerpt": "x".repeat(301) }), "/excerpt"),
        (json!({ "visibility": "secret" }), "/visibility"),
        (json!({ "authors": [] }), "/authors"),
        (json!({ "authors": ["usr_0190b5b4a3b27c10b5a58d0a3b8a1c2d"] }), "/authors/0"),
        (json!({ "status": "published" }), "/status"),
    ] {
        let problem = write(&admin, "A title", &more).send().problem(422, "validation");
        assert_eq!(field(&problem), pointer, "{more}: {problem}");
    }
    let post = write(&admin, "🎉🎉🎉", &json!({ "tags": tags(20) })).send().expect(201);
    assert_eq!(post["slug"], "tada-tada-tada");
    for (at, rule) in [
        ("2020-01-01T00:00:00Z", "must be in the future"),
        (in_days(100 * 365).as_str(), "must be within the next two years"),
    ] {
        let problem = schedule(&admin, &post, at).send().problem(422, "validation");
        assert_eq!((field(&problem), &problem["errors"][0]["rule"]), ("/at", &json!(rule)));
    }
    let problem = restore(&admin, &post, 7).send().problem(422, "validation");
    assert_eq!(field(&problem), "/version");
    let large = "word ".repeat(50_000);
    let large = write(&admin, "A long one", &json!({ "markdown": large })).send().expect(201);
    assert_eq!(admin.get(&path(&large)).send().expect(200)["markdown"], large["markdown"]);
}

#[test]
fn a_slug_is_the_next_free_one_if_it_is_derived_and_taken_if_it_is_chosen() {
    let world = World::start();
    let admin = world.tenant("acme").admin;
    let slugs: Vec<Value> = (0..3).map(|_| draft(&admin, "Untitled")["slug"].clone()).collect();
    assert_eq!(slugs, ["untitled", "untitled-2", "untitled-3"]);
    let chosen = json!({ "slug": "chosen" });
    let post = write(&admin, "A title", &chosen).send().expect(201);
    let detail = write(&admin, "A title", &chosen).send().problem(409, "conflict")["detail"].take();
    assert_eq!(detail, "This slug is taken; choose another.");
    edit(&admin, &draft(&admin, "Another"), &chosen).send().problem(409, "conflict");

    let both = std::thread::scope(|scope| {
        let race = || scope.spawn(|| write(&admin, "A title", &json!({ "slug": "raced" })).send());
        let (one, other) = (race(), race());
        [one.join().unwrap().status, other.join().unwrap().status]
    });
    assert!(both == [201, 409] || both == [409, 201], "{both:?}");
    let derived: BTreeSet<String> = std::thread::scope(|scope| {
        let race = |_| scope.spawn(|| draft(&admin, "A race")["slug"].as_str().unwrap().to_owned());
        let races: Vec<_> = (0..8).map(race).collect();
        races.into_iter().map(|race| race.join().unwrap()).collect()
    });
    assert_eq!(derived.len(), 8);
    assert!(derived.contains("a-race") && derived.contains("a-race-2"), "{derived:?}");

    let moved = edit(&admin, &post, &json!({ "slug": "moved" })).send().expect(200);
    let answer = admin.get("/posts/chosen").send();
    assert_eq!((answer.status, answer.header("location")), (301, Some("/posts/moved")));
    assert_eq!(answer.json(), moved, "who does not follow it has the post all the same");
    // Links to a post are not taken over by a title, but by name.
    let derived = draft(&admin, "Chosen");
    assert_eq!(derived["slug"], "chosen-2");
    delete(&admin, &derived).send().expect(204);
    assert_eq!(draft(&admin, "Chosen")["slug"], "chosen-2", "the slug of a post that is gone");
    assert_eq!(admin.get("/posts/chosen").send().status, 301);
    write(&admin, "Its new owner", &chosen).send().expect(201);
    assert_eq!(admin.get("/posts/chosen").send().expect(200)["title"], "Its new owner");
    assert_eq!(admin.get("/posts/moved").send().expect(200), moved);
}

#[test]
fn a_version_is_shown_and_brought_back_to_who_may_edit_the_post() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let [author, member] =
        [("Ann", "author"), ("Max", "member")].map(|(name, role)| user(&world, &tenant, name, role));
    let first = draft(&author, "The first title");
    let second =
        edit(&author, &first, &json!({ "title": "The second", "slug": "second" })).send().expect(200);
    let live = publish(&author, &second).send().expect(200);
    let at_first = format!("{}?version=1", path(&live));
    assert_eq!(author.get(&at_first).send().expect(200)["title"], "The first title");
    member.get(&at_first).send().problem(403, "forbidden");
    author.get(&format!("{}?version=4", path(&live))).send().problem(404, "not-found");
    let restored = restore(&author, &live, 1).header("idempotency-key", "k1").send().expect(200);
    assert_eq!(
        (&restored["title"], &restored["slug"], &restored["status"], &restored["version"]),
        (&json!("The first title"), &json!("second"), &json!("published"), &json!(4))
    );
    let again = restore(&author, &live, 1).header("idempotency-key", "k1").send();
    assert_eq!((again.expect(200), again.header("idempotency-replayed")), (restored, Some("true")));
    let events = author.get(&format!("{}/events", path(&live))).send().expect(200);
    let told: Vec<(&Value, &Value)> =
        items(&events["items"]).iter().map(|event| (&event["type"], &event["version"])).collect();
    let expected = ["post.created", "post.edited", "post.published", "post.restored"].map(Value::from);
    assert_eq!(told.iter().map(|(name, _)| (*name).clone()).collect::<Vec<_>>(), expected);
    assert_eq!(events["items"][1]["data"]["changed"], json!(["title", "slug"]));
    member.get(&format!("{}/events", path(&live))).send().problem(403, "forbidden");

    // Who becomes its author reads what it said before.
    let next = user(&world, &tenant, "Ben", "author");
    let known = author.get(&path(&live)).send().expect(200);
    let back = unpublish(&author, &known).send().expect(200);
    edit(&tenant.admin, &back, &json!({ "authors": [next.id] })).send().expect(200);
    let then = next.get(&at_first).send().expect(200);
    assert_eq!((&then["markdown"], &then["html"]), (&first["markdown"], &first["html"]));
}

#[test]
fn contributors_write_authors_publish_and_editors_do_all() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let [contributor, author, editor] =
        ["contributor", "author", "editor"].map(|role| user(&world, &tenant, &format!("The {role}"), role));
    let own = draft(&contributor, "Of a contributor");
    publish(&contributor, &own).send().problem(403, "forbidden");
    for client in [&author as &Http, &tenant.member(&world.anonymous(), "Max")] {
        client.get(&path(&own)).send().problem(404, "not-found");
    }
    edit(&author, &own, &json!({ "title": "Taken" })).send().problem(404, "not-found");
    let live = publish(&editor, &own).send().expect(200);
    edit(&contributor, &live, &json!({ "title": "Live" })).send().problem(403, "forbidden");
    delete(&contributor, &live).send().problem(403, "forbidden");
    edit(&author, &live, &json!({ "title": "Not mine" })).send().problem(403, "forbidden");
    edit(&contributor, &live, &json!({ "authors": [author.id] })).send().problem(403, "forbidden");
    let handed = edit(&editor, &live, &json!({ "authors": [author.id] })).send().expect(200);
    let edited = edit(&author, &handed, &json!({ "title": "Mine now" })).send().expect(200);
    let back = unpublish(&author, &edited).send().expect(200);
    contributor.get(&path(&back)).send().problem(404, "not-found");
    delete(&author, &back).send().expect(204);

    let scheduled = schedule(&author, &draft(&author, "Later"), &in_days(3)).send().expect(200);
    assert_eq!(scheduled["status"], "scheduled");
    editor.get(&path(&scheduled)).send().expect(200);
    contributor.get(&path(&scheduled)).send().problem(404, "not-found");
    write(&tenant.member(&world.anonymous(), "Mia"), "A title", &json!({})).send().problem(403, "forbidden");
}

#[test]
fn who_may_not_read_a_post_gets_its_excerpt() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let role = json!({ "name": "Stranger", "permissions": ["orders:place"] });
    let role = tenant.admin.post("/roles", &role).send().expect(201);
    let stranger = user(&world, &tenant, "Sam", id(&role));
    let member = tenant.member(&world.anonymous(), "Max");
    let post = write(&tenant.admin, "For members", &json!({ "visibility": "members" })).send().expect(201);
    let live = publish(&tenant.admin, &post).send().expect(200);
    let read = |client: &Http| client.get(&path(&live)).send().expect(200);
    let [by_stranger, by_member, by_admin] = [read(&stranger), read(&member), read(&tenant.admin)];
    assert_eq!((&by_stranger["html"], &by_stranger["markdown"]), (&Value::Null, &Value::Null));
    assert_eq!(
        (&by_stranger["excerpt"], &by_stranger["publishedAt"]),
        (&json!("A year of small steps."), &live["publishedAt"])
    );
    assert_eq!((&by_member["html"], &by_member["markdown"]), (&by_admin["html"], &Value::Null));
    assert_eq!(by_admin["markdown"], MARKDOWN);
    let open = edit(&tenant.admin, &live, &json!({ "visibility": "public" })).send().expect(200);
    assert_eq!(read(&stranger)["html"], open["html"]);
}

#[test]
fn lists_show_drafts_to_their_authors_and_editors_alone() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let [contributor, author, editor] =
        ["contributor", "author", "editor"].map(|role| user(&world, &tenant, &format!("The {role}"), role));
    let member = tenant.member(&world.anonymous(), "Max");
    let of_contributor = draft(&contributor, "Of the contributor");
    let of_author = draft(&author, "Of the author");
    let live = publish(&author, &draft(&author, "For all")).send().expect(200);
    let scheduled = schedule(&author, &draft(&author, "Later"), &in_days(3)).send().expect(200);
    for post in [&of_contributor, &of_author, &live, &scheduled] {
        listed(&editor, "/posts?order=created", post, true);
    }
    for (client, expected) in [
        (&member as &Http, vec![&live]),
        (&contributor, vec![&live, &of_contributor]),
        (&author, vec![&scheduled, &live, &of_author]),
        (&editor, vec![&scheduled, &live, &of_author, &of_contributor]),
    ] {
        let expected: Vec<&str> = expected.into_iter().map(id).collect();
        let rows = tests::order_steps::all_pages(client, "/posts?order=created&limit=1");
        assert_eq!(rows.iter().map(id).collect::<Vec<_>>(), expected);
        let rows = tests::order_steps::all_pages(client, "/posts?limit=1");
        assert_eq!(rows.iter().map(id).collect::<Vec<_>>(), [id(&live)]);
    }
    let page = author.get("/posts?order=created&limit=1").send().expect(200);
    let cursor = page["nextCursor"].as_str().unwrap();
    let other_order = author.get(&format!("/posts?cursor={cursor}")).send().problem(422, "validation");
    assert_eq!(field(&other_order), "/cursor");
}

#[test]
fn a_slug_finds_posts_of_the_own_tenant_alone() {
    let world = World::start();
    let [acme, globex] = ["acme", "globex"].map(|slug| world.tenant(slug).admin);
    let live = publish(&acme, &draft(&acme, "Of Acme alone")).send().expect(200);
    let path = format!("/posts/{}", live["slug"].as_str().unwrap());
    globex.get(&path).send().problem(404, "not-found");
    let own = write(&globex, "Of Globex", &json!({ "slug": live["slug"] })).send().expect(201);
    assert_eq!(globex.get(&path).send().expect(200), own);
    assert_eq!(acme.get(&path).send().expect(200), live);
}
