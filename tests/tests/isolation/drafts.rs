//! What is not published, with the comments on it, is seen by its authors and by editors alone: through every route,
//! list, filter, order, count, cursor, notification and event that the contract has. A new route or parameter is tried
//! without a line here.

use client::{Http, id};
use contract::Operation;
use serde_json::{Value, json};
use tests::World;
use tests::comment_steps::{comment_on, comment_path};
use tests::post_steps::{in_days, listed, path, publish, schedule, unpublish, write};

use super::matrix::kinds::{Kind, twin};
use super::matrix::own::{Sent, own};
use super::matrix::places::{Part, Place, described, places};
use super::matrix::side::{By, Side};

/// In all texts of the drafts, and in nothing else.
const WORD: &str = "zyzzyva";
/// All that has no value named here is left out, or has the value that the matrix gives it.
const MOST_QUERIES: usize = 800;

struct Drafts {
    posts: Vec<Value>,
    /// On what was published.
    comment: Value,
    author: String,
}

impl Drafts {
    /// A draft and a scheduled post of the admin, and one that was published and commented on.
    fn write(side: &Side) -> Drafts {
        let admin = &side.tenant.admin;
        let texts = json!({
            "markdown": format!("The body of a {WORD}."), "excerpt": format!("About a {WORD}"), "tags": [WORD, "News"],
            "seo": { "title": format!("A {WORD}"), "description": format!("Its {WORD}") },
        });
        let draft = |title: &str| write(admin, &format!("{title} {WORD}"), &texts).send().expect(201);
        let first = draft("A");
        let later = schedule(admin, &draft("A later"), &in_days(3)).send().expect(200);
        // Between drafts in lists by creation, so that what is read for a page of one post ends at a draft.
        publish(admin, &write(admin, "Between", &json!({})).send().expect(201)).send().expect(200);
        let live = publish(admin, &draft("A former")).send().expect(200);
        let comment = comment_on(admin, &live, &format!("About the {WORD}")).send().expect(201);
        let posts = vec![first, later, unpublish(admin, &live).send().expect(200)];
        for post in &posts {
            listed(admin, "/posts?order=created&limit=100", post, true);
        }
        Drafts { posts, comment, author: side.tenant.admin_id.clone() }
    }

    /// The ids of this kind.
    fn ids(&self, kind: &Kind) -> Vec<String> {
        let ids = |things: &[Value]| things.iter().map(|thing| id(thing).to_owned()).collect();
        match kind {
            Kind::Id(prefix) if prefix == "pst" => ids(&self.posts),
            Kind::Id(prefix) if prefix == "cmt" => ids(std::slice::from_ref(&self.comment)),
            _ => Vec::new(),
        }
    }

    /// By which one is read: posts by their slugs as well.
    fn names(&self, kind: &Kind) -> Vec<String> {
        let mut names = self.ids(kind);
        if *kind == Kind::Id("pst".to_owned()) {
            names.extend(self.posts.iter().map(|post| post["slug"].as_str().unwrap().to_owned()));
        }
        names
    }

    /// The values that a parameter is tried with; none for one that has nothing to do with posts.
    fn values(&self, parameter: &Value) -> Vec<String> {
        let schema = &parameter["schema"];
        if let Some(values) = schema["enum"].as_array() {
            return values.iter().filter_map(Value::as_str).map(str::to_owned).collect();
        }
        match parameter["name"].as_str() {
            Some("total") => vec!["true".to_owned()],
            Some("limit") => vec!["1".to_owned()],
            Some("version") => vec!["1".to_owned()],
            Some("filter") => self.filters(),
            Some("posts") => self.posts.iter().map(|post| id(post).to_owned()).collect(),
            Some("cursor") if schema["pattern"].as_str().is_some_and(|pattern| pattern.contains("cmt_")) => {
                vec![id(&self.comment).to_owned()]
            }
            Some("cursor") => {
                let time = |post: &Value| format!("99999999999999~{}", id(post));
                self.posts.iter().take(2).flat_map(|post| [id(post).to_owned(), time(post)]).collect()
            }
            _ => Vec::new(),
        }
    }

    fn filters(&self) -> Vec<String> {
        let author = format!("author:{}", self.author);
        [
            "status:draft",
            "status:scheduled",
            "status:-published",
            &format!("tag:{WORD}"),
            &format!("tag:-{WORD}"),
            "tag:news",
            &author,
            &format!("{author}%2Bstatus:[draft,scheduled]"),
            &format!("title:~{WORD}"),
            "publishedAt:%3E2026-01-01",
            "featured:false",
            &format!("(tag:{WORD},{author})%2Bvisibility:public"),
        ]
        .map(str::to_owned)
        .into()
    }
}

/// A GET with each value of its path, and each set of its query's parameters.
fn readings(world: &World, side: &Side, operation: &Operation, drafts: &Drafts) -> Vec<(String, Sent)> {
    let plain = own(world, side, operation, By::Member);
    let in_path = places(operation).unwrap().into_iter().filter(|place| place.part == Part::Path);
    let named = in_path.map(|place| (drafts.names(&place.kind), place)).find(|(names, _)| !names.is_empty());
    let sent = match named {
        Some((names, place)) => names.iter().map(|name| plain.with(&place, name)).collect(),
        None => vec![plain],
    };
    let parameters = described(operation)["parameters"].as_array().into_iter().flatten();
    let mut queries: Vec<Vec<(String, String)>> = vec![Vec::new()];
    for parameter in parameters.filter(|parameter| parameter["in"] == "query") {
        let name = parameter["name"].as_str().unwrap();
        let longer = queries.iter().flat_map(|query| {
            let with = |value: String| [query.clone(), vec![(name.to_owned(), value)]].concat();
            drafts.values(parameter).into_iter().map(with).collect::<Vec<_>>()
        });
        queries.extend(longer.collect::<Vec<_>>());
    }
    assert!(queries.len() <= MOST_QUERIES, "{}: {} queries", operation.key(), queries.len());
    let all = sent.iter().flat_map(|sent| {
        queries.iter().map(move |query| {
            let with = |sent: Sent, (name, value): &(String, String)| {
                let place = Place { part: Part::Query, name: name.clone(), kind: Kind::Version };
                sent.with(&place, value)
            };
            (format!("{} {query:?}", sent.path()), query.iter().fold(sent.clone(), with))
        })
    });
    all.collect()
}

/// What the answer tells of the drafts.
fn told_of(text: &str, drafts: &Drafts) -> bool {
    text.contains(WORD) || drafts.posts.iter().chain([&drafts.comment]).any(|one| text.contains(id(one)))
}

#[test]
fn what_is_not_published_tells_nothing_to_anybody_but_its_authors_and_editors() {
    let world = World::start();
    let side = Side::fill(&world, "acme", 0);
    let drafts = Drafts::write(&side);
    let mut seen_by_editors = 0;
    for role in ["member", "contributor", "author", "editor"] {
        let admin = &side.tenant.admin;
        let member = admin.user(&side.member.id);
        let user = admin.update_user(&member, &json!({ "roles": [role] })).expect(200);
        let client =
            Http::clone(&world.anonymous().member(&side.tenant.slug, &user, tests::journey::PASSWORD));
        let of_role =
            |one: &&Operation| one.is_of_tenants() && one.description.roles.iter().any(|other| other == role);
        let (mut cases, mut told) = (0, Vec::new());
        for operation in World::operations().iter().filter(of_role).filter(|one| one.is_get()) {
            for (case, mut sent) in readings(&world, &side, operation, &drafts) {
                sent.client = client.clone();
                let answer = sent.request().send();
                assert!(answer.status < 500, "{role} {case}: {}", answer.text());
                cases += 1;
                if told_of(&answer.text(), &drafts) {
                    told.push(format!("{role} {} {case}: {}", operation.key(), answer.text()));
                }
            }
        }
        println!("{role}: {cases} cases, {} tell of drafts", told.len());
        match role {
            "editor" => seen_by_editors = told.len(),
            _ => assert!(told.is_empty(), "{}", told.join("\n")),
        }
        if role != "editor" {
            assert_changes_find_nothing(&world, &side, &client, role, &drafts);
        }
    }
    assert!(seen_by_editors > 20, "what finds nothing anyway proves nothing: {seen_by_editors}");
    for post in &drafts.posts {
        assert_eq!(side.tenant.admin.get(&path(post)).send().expect(200), *post, "it was changed");
    }
    let path = comment_path(&drafts.comment);
    assert_eq!(side.tenant.admin.get(&path).send().expect(200), drafts.comment, "it was changed");
}

/// Who may not see a draft is answered as if there were none, whatever is to be done to it.
fn assert_changes_find_nothing(world: &World, side: &Side, client: &Http, role: &str, drafts: &Drafts) {
    for operation in World::operations().iter().filter(|one| one.is_of_tenants() && !one.is_get()) {
        let found = places(operation).unwrap();
        let is_named = |place: &&Place| !drafts.ids(&place.kind).is_empty();
        let Some(place) = found.iter().find(is_named) else { continue };
        let mut sent = own(world, side, operation, By::Member);
        sent.client = client.clone();
        for id in drafts.ids(&place.kind) {
            let answers = [id.clone(), twin(&place.kind, &id)].map(|value| {
                let answer = sent.with(place, &value).request().send();
                match answer.json().pointer("/items/0/problem") {
                    // Of many posts, each has a refusal of its own.
                    Some(problem) => (problem["status"].as_u64(), problem["detail"].clone()),
                    None => (Some(u64::from(answer.status)), answer.json()["detail"].clone()),
                }
            });
            assert_eq!(
                answers[0],
                answers[1],
                "{role} {}: one that is not there on the right",
                operation.key()
            );
            assert!(matches!(answers[0].0, Some(403 | 404)), "{role} {}: {answers:?}", operation.key());
        }
    }
}
