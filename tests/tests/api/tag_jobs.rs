//! Jobs that rename and merge tags: in every post, whatever happens meanwhile.

use std::time::Duration;

use client::{Http, eventually, id, items};
use serde_json::{Value, json};
use tests::order_steps::field;
use tests::post_steps::{draft, edit, in_days, listed, path, publish, restore, schedule, tag_all, write};
use tests::{Tenant, World};

fn tagged(client: &Http, title: &str, tags: &[&str]) -> Value {
    let post = write(client, title, &json!({ "tags": tags })).send().expect(201);
    listed(client, "/posts?order=created&limit=100", &post, true);
    post
}

fn rename(client: &Http, slug: &str, name: &str) -> client::Response {
    client.patch(&format!("/tags/{slug}"), &json!({ "name": name })).send()
}

fn merge(client: &Http, slug: &str, into: &str) -> client::Response {
    client.post(&format!("/tags/{slug}/merge"), &json!({ "into": into })).send()
}

/// The job when it has ended.
fn ended(client: &Http, job: &Value) -> Value {
    eventually("a job that has ended", || {
        let job = client.get(&format!("/tag-jobs/{}", id(job))).send().expect(200);
        (job["status"] != "running").then_some(job)
    })
}

fn shown(client: &Http, post: &Value) -> Value {
    client.get(&path(post)).send().expect(200)
}

fn names(client: &Http, post: &Value) -> Vec<Value> {
    items(&shown(client, post)["tags"]).iter().map(|tag| tag["name"].clone()).collect()
}

fn counts(client: &Http) -> Vec<(Value, Value)> {
    let page = client.get("/tags?limit=100").send().expect(200);
    items(&page["items"]).iter().map(|tag| (tag["name"].clone(), tag["posts"].clone())).collect()
}

#[test]
fn a_tag_gets_another_name_in_every_post_that_has_it() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let admin = &tenant.admin;
    let live = publish(admin, &tagged(admin, "A live one", &["Rust", "News"])).send().expect(200);
    let of_draft = tagged(admin, "A draft", &["NEWS"]);
    let later = schedule(admin, &tagged(admin, "Later", &["News"]), &in_days(3)).send().expect(200);
    let other = tagged(admin, "Another", &["Rust"]);
    for post in [&live, &later] {
        listed(admin, "/posts?order=created&limit=100", post, true);
    }
    let answer = rename(admin, "news", "Latest");
    let job = answer.expect(202);
    assert_eq!(answer.header("location"), Some(format!("/tag-jobs/{}", id(&job)).as_str()));
    assert_eq!(
        (&job["kind"], &job["tag"], &job["into"]["slug"]),
        (&json!("rename"), &json!("news"), &json!("latest"))
    );
    let done = ended(admin, &job);
    assert_eq!(
        (&done["status"], &done["posts"]),
        (&json!("done"), &json!({ "changed": 3, "left": 0, "refused": 0 }))
    );

    assert_eq!(names(admin, &live), ["Rust", "Latest"], "in its place");
    assert_eq!(
        (names(admin, &of_draft), names(admin, &later)),
        (vec![json!("Latest")], vec![json!("Latest")])
    );
    assert_eq!((&shown(admin, &later)["status"], &shown(admin, &other)), (&json!("scheduled"), &other));
    let events = admin.get(&format!("{}/events", path(&live))).send().expect(200);
    let last = items(&events["items"]).last().unwrap();
    assert_eq!((&last["type"], &last["data"]["changed"]), (&json!("post.edited"), &json!(["tags"])));
    assert_eq!(last["actor"]["id"], tenant.admin_id, "who has asked for it");
    eventually("the tags are counted", || {
        (counts(admin) == [(json!("Latest"), json!(1)), (json!("Rust"), json!(1))]).then_some(())
    });

    // Whoever writes the old name gets the new one, and what comes back from the past does too.
    let new = write(admin, "A new one", &json!({ "tags": ["news"] })).send().expect(201);
    assert_eq!(new["tags"], json!([{ "slug": "latest", "name": "Latest" }]));
    let edited = edit(admin, &other, &json!({ "tags": ["Rust", "News", "Latest"] })).send().expect(200);
    assert_eq!(names(admin, &edited), ["Rust", "Latest"]);
    let before = shown(admin, &live);
    assert_eq!(items(&restore(admin, &before, 1).send().expect(200)["tags"])[1]["name"], "Latest");
    tag_all(admin, &[id(&draft(admin, "Plain")).to_owned()], "News", "add").send().expect(200);
    rename(admin, "news", "Anything").problem(404, "not-found");

    // A new spelling is a job too.
    ended(admin, &rename(admin, "latest", "LATEST").expect(202));
    assert_eq!(names(admin, &live), ["Rust", "LATEST"]);
}

#[test]
fn a_tag_is_merged_into_another_one_and_no_post_has_both() {
    let world = World::start();
    let admin = world.tenant("acme").admin;
    let both =
        publish(&admin, &tagged(&admin, "Both", &["Rust", "News", "Rust language"])).send().expect(200);
    let one = publish(&admin, &tagged(&admin, "One", &["Rust language"])).send().expect(200);
    for post in [&both, &one] {
        listed(&admin, "/posts?filter=tag:rust-language", post, true);
    }
    let full: Vec<String> =
        (0..19).map(|number| format!("Tag {number}")).chain(["Rust language".to_owned()]).collect();
    let full: Vec<&str> = full.iter().map(String::as_str).collect();
    let full = tagged(&admin, "As many as there may be", &full);
    let job = merge(&admin, "rust-language", "rust").expect(202);
    assert_eq!((&job["kind"], &job["into"]["name"]), (&json!("merge"), &json!("Rust")));
    assert_eq!(ended(&admin, &job)["posts"], json!({ "changed": 3, "left": 0, "refused": 0 }));
    assert_eq!(names(&admin, &both), ["Rust", "News"]);
    assert_eq!((names(&admin, &one), names(&admin, &full).len()), (vec![json!("Rust")], 20));
    eventually("the tags are counted", || {
        (counts(&admin) == [(json!("News"), json!(1)), (json!("Rust"), json!(2))]).then_some(())
    });
}

#[test]
fn what_cannot_be_done_to_a_tag_is_refused_and_says_what_to_do() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let admin = &tenant.admin;
    for tags in [&["News"][..], &["Rust"]] {
        let post = publish(admin, &tagged(admin, "A post", tags)).send().expect(200);
        listed(admin, "/posts", &post, true);
    }
    tagged(admin, "A draft", &["Drafts alone"]);
    let long = "x".repeat(200);
    for name in ["News", "", " ", "!!!", &long] {
        assert_eq!(field(&rename(admin, "news", name).problem(422, "validation")), "/name", "{name}");
    }
    for into in ["news", "nothing", "NEWS", ""] {
        assert_eq!(field(&merge(admin, "news", into).problem(422, "validation")), "/into", "{into}");
    }
    let detail = rename(admin, "news", "RUST").problem(409, "conflict")["detail"].take();
    assert_eq!(detail, "There is a tag with this name already; merge this tag into it instead.");
    for slug in ["nothing", "ne"] {
        rename(admin, slug, "Something").problem(404, "not-found");
        merge(admin, slug, "rust").problem(404, "not-found");
    }
    admin.get("/tag-jobs/tjb_0190b5b4a3b27c10b5a58d0a3b8a1c2d").send().problem(404, "not-found");
    let member = tenant.member(&world.anonymous(), "Max");
    for answer in [rename(&member, "news", "Mine"), merge(&member, "news", "rust")] {
        answer.problem(403, "forbidden");
    }
    assert_eq!(counts(admin), [(json!("News"), json!(1)), (json!("Rust"), json!(1))], "nothing was changed");
    ended(admin, &rename(admin, "drafts-alone", "Of drafts").expect(202));
}

/// Posts for more than two messages; each page is done once, however often its message comes.
#[test]
fn a_job_goes_on_page_by_page_and_does_nothing_twice() {
    let world = World::start_unlimited();
    let tenant = world.tenant("acme");
    let admin = &tenant.admin;
    let posts: Vec<Value> = (0..60)
        .map(|number| {
            write(admin, &format!("Post {number}"), &json!({ "tags": ["News"] })).send().expect(201)
        })
        .collect();
    world.wait_until_consumed();
    world.cloud().services().override_visibility_timeout(Duration::from_millis(300));
    // A page is done, and its note is not written: it is repeated.
    world.fail_times("PutItem", &format!("T#{}#tagjobs", tenant.id), 4);
    let job = rename(admin, "news", "Latest").expect(202);
    let done = ended(admin, &job);
    assert_eq!((&done["status"], &done["posts"]["refused"]), (&json!("done"), &json!(0)));
    world.wait_until_consumed();
    let versions =
        || -> Vec<Value> { posts.iter().map(|post| shown(admin, post)["version"].clone()).collect() };
    assert_eq!(versions(), vec![json!(2); 60]);
    world.publish_again();
    world.wait_until_consumed();
    assert_eq!((versions(), ended(admin, &job)), (vec![json!(2); 60], done));
}

#[test]
fn a_post_that_is_edited_at_the_same_moment_keeps_the_edit_and_gets_the_tag() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let admin = &tenant.admin;
    let post = tagged(admin, "A post", &["News"]);
    let gone = tagged(admin, "One that is gone", &["News"]);
    world.wait_until_consumed();
    world.delay_a_write(&format!("T#{}#post#{}", tenant.id, id(&post)), Duration::from_millis(600));
    let job = rename(admin, "news", "Latest").expect(202);
    world.wait_until_a_write_is_held();
    edit(admin, &post, &json!({ "featured": true })).send().expect(200);
    assert_eq!(ended(admin, &job)["posts"]["changed"], 2);
    let after = shown(admin, &post);
    assert_eq!((&after["featured"], &after["version"]), (&json!(true), &json!(3)));
    assert_eq!((names(admin, &post), names(admin, &gone)), (vec![json!("Latest")], vec![json!("Latest")]));
}

/// A job is asked for while another one still changes the tag: nothing is split between two names.
#[test]
fn a_tag_that_is_being_renamed_is_known_by_its_new_name() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let admin = &tenant.admin;
    let [post, other] = ["News", "Rust"].map(|tag| {
        let post = publish(admin, &tagged(admin, "A post", &[tag])).send().expect(200);
        listed(admin, "/posts", &post, true);
        post
    });
    world.delay_a_write(&format!("T#{}#post#{}", tenant.id, id(&post)), Duration::from_secs(3));
    let job = rename(admin, "news", "Latest").expect(202);
    world.wait_until_a_write_is_held();
    let refused = rename(admin, "news", "Other").problem(409, "conflict")["detail"].take();
    assert!(refused.as_str().unwrap().contains("the tag latest"), "{refused}");
    merge(admin, "news", "rust").problem(409, "conflict");
    let merged = merge(admin, "rust", "news").expect(202);
    assert_eq!(merged["into"], json!({ "slug": "latest", "name": "Latest" }));
    // Whichever name a post has now is taken from it.
    tag_all(admin, &[id(&post).to_owned()], "News", "remove").send().expect(200);
    assert!(names(admin, &post).is_empty());
    for job in [&job, &merged] {
        assert_eq!(ended(admin, job)["status"], "done");
    }
    assert_eq!((names(admin, &post), names(admin, &other)), (vec![], vec![json!("Latest")]));
}

/// Whichever of two jobs comes last, all posts end with one of the two names.
#[test]
fn jobs_that_do_the_opposite_at_once_end_alike_for_all_posts() {
    let world = World::start();
    let tenant: Tenant = world.tenant("acme");
    let admin = &tenant.admin;
    let posts: Vec<Value> = ["News", "Latest", "News", "Latest"]
        .map(|tag| publish(admin, &tagged(admin, "A post", &[tag])).send().expect(200))
        .into();
    for post in &posts {
        listed(admin, "/posts", post, true);
    }
    let answers = std::thread::scope(|scope| {
        let one = scope.spawn(|| merge(admin, "news", "latest"));
        let other = scope.spawn(|| merge(admin, "latest", "news"));
        [one.join().unwrap(), other.join().unwrap()]
    });
    // Where one comes a little later, the two tags are the same already.
    let (begun, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 202);
    assert!(!begun.is_empty() && refused.iter().all(|answer| matches!(answer.status, 409 | 422)));
    for answer in &begun {
        assert_eq!(ended(admin, &answer.json())["status"], "done");
    }
    let written = write(admin, "A new one", &json!({ "tags": ["News", "Latest"] })).send().expect(201);
    let present = names(admin, &written);
    assert_eq!(present.len(), 1);
    for post in &posts {
        assert_eq!(names(admin, post), present);
    }
}
