//! Lists of posts by filters, orders and totals.

use client::{Http, id, items};
use serde_json::{Value, json};
use tests::World;
use tests::order_steps::{all_pages, field};
use tests::post_steps::{draft, in_days, listed, publish, schedule, unpublish, write};

fn ids(client: &Http, query: &str) -> Vec<String> {
    all_pages(client, &format!("/posts?limit=2&{query}")).iter().map(|row| id(row).to_owned()).collect()
}

#[test]
fn a_filter_lists_what_it_asks_for_in_both_orders() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let (admin, member) = (&tenant.admin, tenant.member(&world.anonymous(), "Max"));
    let post = |title: &str, more: &Value| write(admin, title, more).send().expect(201);
    let live = |title: &str, more: &Value| publish(admin, &post(title, more)).send().expect(200);
    let news = live("News of small steps", &json!({ "tags": ["News", "Small steps"], "featured": true }));
    let rust = live("Rust in a year", &json!({ "tags": ["Rust"], "visibility": "members" }));
    let both = live("News of Rust", &json!({ "tags": ["News", "Rust"] }));
    let of_member = post("A draft of news", &json!({ "tags": ["News"], "authors": [member.id] }));
    let later = schedule(admin, &draft(admin, "Later"), &in_days(3)).send().expect(200);
    for post in [&news, &rust, &both, &of_member, &later] {
        listed(admin, "/posts?order=created&limit=100", post, true);
    }
    let [news, rust, both, of_member, later] =
        [&news, &rust, &both, &of_member, &later].map(|post| id(post).to_owned());
    let of_admin = format!("filter=author:{}", tenant.admin_id);
    for (query, expected) in [
        ("filter=tag:news", vec![&both, &news]),
        ("filter=tag:news%2Btag:rust", vec![&both]),
        ("filter=tag:[rust,small-steps]", vec![&both, &rust, &news]),
        ("filter=tag:-news", vec![&rust]),
        ("filter=featured:true", vec![&news]),
        ("filter=visibility:members", vec![&rust]),
        ("filter=title:~RUST", vec![&both, &rust]),
        ("filter=title:~^news%2B(tag:rust,featured:true)", vec![&both, &news]),
        ("filter=publishedAt:%3E=2026-01-01", vec![&both, &rust, &news]),
        ("filter=publishedAt:%3C2026-01-01", vec![]),
        (&of_admin, vec![&both, &rust, &news]),
        ("filter=status:published%2Btag:news", vec![&both, &news]),
    ] {
        for client in [admin as &Http, &member] {
            assert_eq!(ids(client, query), expected.iter().copied().cloned().collect::<Vec<_>>(), "{query}");
        }
    }
    let of_admin = format!("order=created&{of_admin}");
    for (query, by_admin, by_member) in [
        (
            "order=created",
            vec![&later, &of_member, &both, &rust, &news],
            vec![&of_member, &both, &rust, &news],
        ),
        ("order=created&filter=tag:news", vec![&of_member, &both, &news], vec![&of_member, &both, &news]),
        ("filter=status:draft", vec![&of_member], vec![&of_member]),
        ("filter=status:scheduled", vec![&later], vec![]),
        ("filter=status:[draft,scheduled]", vec![&later, &of_member], vec![&of_member]),
        ("filter=status:-published%2Bstatus:-draft", vec![&later], vec![]),
        (&of_admin, vec![&later, &both, &rust, &news], vec![&both, &rust, &news]),
    ] {
        for (client, expected) in [(admin as &Http, by_admin), (&member, by_member)] {
            assert_eq!(ids(client, query), expected.into_iter().cloned().collect::<Vec<_>>(), "{query}");
        }
    }
}

#[test]
fn a_total_is_told_where_it_is_counted() {
    let world = World::start();
    let admin = world.tenant("acme").admin;
    let tagged = |title: &str| {
        let post = write(&admin, title, &json!({ "tags": ["News"] })).send().expect(201);
        publish(&admin, &post).send().expect(200)
    };
    let posts = ["One post", "Another post", "The last post"].map(tagged);
    for post in &posts {
        listed(&admin, "/posts?filter=tag:news", post, true);
    }
    let total =
        |query: &str| admin.get(&format!("/posts?limit=1&{query}")).send().expect(200)["total"].take();
    assert_eq!(total("total=true&filter=tag:news"), 3);
    assert_eq!(total("total=true&filter=tag:news%2Bstatus:published"), 3);
    assert_eq!(total("total=true&filter=tag:nothing"), 0);
    for unknown in
        ["filter=tag:news", "total=false&filter=tag:news", "total=true", "total=true&filter=tag:-news"]
    {
        assert_eq!(total(unknown), Value::Null, "{unknown}");
    }
    let back = unpublish(&admin, &posts[0]).send().expect(200);
    listed(&admin, "/posts?filter=tag:news", &back, false);
    assert_eq!(total("total=true&filter=tag:news"), 2);
}

#[test]
fn a_filter_that_cannot_be_read_is_refused_with_what_is_wrong() {
    let world = World::start();
    let admin = world.tenant("acme").admin;
    let deep = format!("{}tag:news{}", "(".repeat(6), ")".repeat(6));
    let long = format!("title:'{}'", "x".repeat(2_000));
    for (filter, rule) in [
        ("html:~x", "must not ask for html: the fields are status, author, tag"),
        ("status:gone", "status must be one of: draft, scheduled, published"),
        (&deep, "must not have groups more than 5 deep in each other"),
        (&long, "must be at most 2000 bytes long"),
        ("tag:", "must have a value"),
    ] {
        let problem = admin.get(&format!("/posts?filter={filter}")).send().problem(422, "validation");
        let told = problem["errors"][0]["rule"].as_str().unwrap();
        assert!(field(&problem) == "/filter" && told.starts_with(rule), "{filter}: {told}");
    }
}

/// Without its text, a post takes half a unit in lists: a row of at most 0.5 KB.
#[test]
fn a_row_of_a_list_is_small_and_holds_no_text_of_the_post() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let tags = json!({ "tags": ["News", "Small steps"] });
    let post = write(&tenant.admin, "What we have learned", &tags).send().expect(201);
    let live = publish(&tenant.admin, &post).send().expect(200);
    for list in ["/posts", "/posts?filter=tag:news", "/posts?order=created"] {
        listed(&tenant.admin, list, &live, true);
    }
    let rows = world.scan();
    let rows: Vec<&Value> = rows
        .iter()
        .filter(|row| row["sk"]["S"] == live["id"] && row["pk"]["S"].as_str().unwrap().starts_with("T#"))
        .collect();
    assert_eq!(rows.len(), 4, "all posts, one author's, two tags: {rows:?}");
    for row in rows {
        let size = |value: &Value| match (value["S"].as_str(), value["N"].as_str()) {
            (Some(text), _) => text.len(),
            (_, Some(digits)) => digits.len().div_ceil(2) + 1,
            _ => panic!("{value}"),
        };
        let attributes = row.as_object().unwrap();
        let bytes: usize = attributes.iter().map(|(name, value)| name.len() + size(value)).sum();
        println!("{} {bytes} bytes", row["pk"]["S"]);
        assert!(bytes <= 550, "{bytes} bytes: {row}");
        assert!(!row.to_string().contains("small* steps"), "{row}");
    }
    assert_eq!(items(&tenant.admin.get("/posts").send().expect(200)["items"]).len(), 1);
}
